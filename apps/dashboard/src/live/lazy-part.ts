import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { currentConnection, watchConnection } from './connection.ts';
import { loadPart } from './load-part.ts';

const scripts = { isLost: () => currentConnection() === 'lost', watch: watchConnection };

/** A component whose script comes when it is first drawn, also where the connection is lost at that moment. */
// biome-ignore lint/suspicious/noExplicitAny: as React's own type of a component of which nothing is known.
export function lazyPart<Part extends ComponentType<any>>(
  load: () => Promise<Part>,
): LazyExoticComponent<Part> {
  return lazy(async () => ({ default: await loadPart(load, scripts) }));
}
