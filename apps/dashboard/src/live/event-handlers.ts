import type { LiveEvent, LiveEventType } from '@mcp-acp/shared/live/live-event';
import { useEffect, useRef } from 'react';

type Handler = (event: LiveEvent) => void;

const handlers = new Set<Handler>();

/** Hands an event to whoever on this page wants it. */
export function tellHandlers(event: LiveEvent): void {
  for (const handler of [...handlers]) handler(event);
}

/**
 * Calls the handler for each live event of these types while the component is there. For what happens once (a toast, a
 * tail that moves); state comes from queries, which are refreshed by themselves.
 */
export function useLiveEvent<Type extends LiveEventType>(
  types: readonly Type[],
  handler: (event: Extract<LiveEvent, { readonly type: Type }>) => void,
): void {
  const newest = useRef({ types, handler });
  useEffect(() => {
    newest.current = { types, handler };
  });
  useEffect(() => {
    const take: Handler = (event) => {
      const { types: wanted, handler: tell } = newest.current;
      if ((wanted as readonly string[]).includes(event.type)) tell(event as never);
    };
    handlers.add(take);
    return () => void handlers.delete(take);
  }, []);
}
