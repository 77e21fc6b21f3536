import { useSyncExternalStore } from 'react';

/** `locked`: this page has no session. `lost`: there was a connection, or there should be one by now. */
export type Connection = 'connected' | 'connecting' | 'lost' | 'locked';

let connection: Connection = 'connecting';
let why: string | undefined;
const listeners = new Set<() => void>();

/** `problem` is what is said of a connection that is lost. */
export function setConnection(next: Connection, problem?: string): void {
  if (next === connection && problem === why) return;
  connection = next;
  why = problem;
  // `boot.js` loads no script while nobody has proved to be the manager: another program may answer in its place.
  document.documentElement.dataset.connection = next;
  for (const tell of [...listeners]) tell();
}

export const currentConnection = (): Connection => connection;

/** Returns what ends it. */
export function watchConnection(tell: () => void): () => void {
  listeners.add(tell);
  return () => void listeners.delete(tell);
}

export const useConnection = (): Connection =>
  useSyncExternalStore(watchConnection, currentConnection, () => 'connecting');

/** What is known of why the connection is lost. */
export const useConnectionProblem = (): string | undefined =>
  useSyncExternalStore(
    watchConnection,
    () => why,
    () => undefined,
  );
