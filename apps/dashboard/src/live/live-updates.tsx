'use client';

import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { endSession } from '../api/page-session.ts';
import { useClient } from '../api/use-api.ts';
import { toast } from '../components/toast.tsx';
import { currentConnection, setConnection } from './connection.ts';
import { tellHandlers } from './event-handlers.ts';
import { createRefresh } from './refresh-queries.ts';
import { whatChanges } from './what-changes.ts';

/** Until a subscription that ended by an error is opened again. Milliseconds. */
const againMs = 2_000;
/** How often it is asked why, while there is no connection. Milliseconds. */
const askingMs = 2_000;

/** The page's one subscription to live events: it keeps queries true and says how the connection is. */
export function LiveUpdates() {
  const client = useClient();
  const queryClient = useQueryClient();
  useEffect(() => {
    const refresh = createRefresh(queryClient);
    let isOver = false;
    let wasLost = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    let asking: ReturnType<typeof setTimeout> | undefined;

    const lose = (error: unknown): void => {
      if (isOver) return;
      const { code, message } = acpErrorOf(error);
      if (code === 'locked') return endSession('The session of this page was ended.');
      wasLost = true;
      setConnection('lost', message);
    };
    const opened = (): void => {
      if (isOver) return;
      setConnection('connected');
      if (!wasLost) return;
      wasLost = false;
      refresh.everything();
      toast.success('Reconnected.');
    };
    // A socket that cannot be opened says little of why; a question says it, a session that is over among it.
    const askWhy = async (): Promise<void> => {
      clearTimeout(asking);
      if (isOver || currentConnection() === 'connected') return;
      try {
        const { unlocked } = await client.access.state.query();
        if (!unlocked) return endSession('The session of this page was ended.');
      } catch (problem) {
        if (currentConnection() !== 'connected') lose(problem);
      }
      if (!isOver) asking = setTimeout(askWhy, askingMs);
    };
    const loseAndAsk = (error: unknown): void => {
      lose(error);
      void askWhy();
    };

    const subscribe = () =>
      client.events.live.subscribe(
        {},
        {
          onStarted: opened,
          onData: ({ data }) => {
            for (const [, event] of data) {
              if (event.type === 'resync' || event.type === 'manager_started') refresh.everything();
              else refresh.soon(whatChanges[event.type]);
              tellHandlers(event);
            }
          },
          onConnectionStateChange: ({ state, error }) => {
            if (state === 'connecting' && error !== null) loseAndAsk(error);
          },
          onError: (error) => {
            loseAndAsk(error);
            again = setTimeout(open, againMs);
          },
        },
      );
    let subscription: ReturnType<typeof subscribe> | undefined;
    const open = (): void => {
      subscription?.unsubscribe();
      subscription = subscribe();
    };
    setConnection('connecting');
    open();
    return () => {
      isOver = true;
      clearTimeout(again);
      clearTimeout(asking);
      subscription?.unsubscribe();
      refresh.close();
      setConnection('locked');
    };
  }, [client, queryClient]);
  return null;
}
