import type { Backend } from '@mcp-acp/config/proxy-config';
import { type BackendExit, describeExit } from '@mcp-acp/mcp/backend-end';
import type { SessionBody } from '@mcp-acp/shared/journal-record';
import type { BackendStatus } from '@mcp-acp/shared/live/instance-status';
import { bounded } from './live-event-of.ts';

/** What is known of the backend, from what is recorded of it and from its end. */
export interface BackendSeen {
  /** Returns what to tell of it. */
  recorded(record: SessionBody, time: string): ToldState | undefined;
  /** Returns what to tell, once it is over. */
  ended(exit: BackendExit, time: string): ToldState;
  status(): BackendStatus;
}

type ToldState = Pick<BackendStatus, 'state' | 'connectMs'> & { readonly error?: string };

/** A backend's process is reached as soon as it is started; whether it could be started shows by its end. */
export function createBackendSeen(
  backend: Backend,
  startedAt: string,
  connectMs: () => number | undefined,
): BackendSeen {
  const isProcess = backend.transport === 'stdio';
  const place = {
    id: backend.id,
    kind: isProcess ? 'stdio' : 'http',
    target: bounded(isProcess ? backend.command : bareUrl(backend.url)),
  } as const;
  let state: BackendStatus['state'] = isProcess ? 'connected' : 'connecting';
  let since = startedAt;
  let wasConnected = isProcess;
  let retries = 0;
  let lastError: BackendStatus['lastError'];
  let itself: BackendStatus['server'];

  const change = (next: BackendStatus['state'], time: string): void => {
    if (next === state) return;
    state = next;
    since = time;
  };

  const tookMs = (): Pick<BackendStatus, 'connectMs'> => {
    const ms = state === 'connected' || state === 'failed' ? connectMs() : undefined;
    return ms === undefined ? {} : { connectMs: ms };
  };

  return {
    recorded: ({ event, state: next, error, server, serverVersion }, time) => {
      if (event === 'identified' && server !== undefined) {
        itself = {
          name: bounded(server),
          ...(serverVersion === undefined ? {} : { version: bounded(serverVersion) }),
        };
      }
      if (event === 'renewed') retries++;
      if (event !== 'backend' || next === undefined || state === 'ended') return undefined;
      if (error !== undefined) lastError = { error: bounded(error), time };
      if (next === 'connected') {
        if (wasConnected && state !== 'connected') retries++;
        wasConnected = true;
      }
      change(next, time);
      return { state, ...tookMs(), ...(error === undefined ? {} : { error: bounded(error) }) };
    },
    ended: (exit, time) => {
      const next = exit.kind === 'not_started' ? 'failed' : 'ended';
      change(next, time);
      if (exit.kind === 'closed' || (exit.kind === 'exited' && exit.code === 0)) return { state: next };
      const error = bounded(describeExit(exit));
      lastError = { error, time };
      return { state: next, error };
    },
    status: () => ({
      ...place,
      state,
      since,
      ...tookMs(),
      retries,
      ...(itself === undefined ? {} : { server: itself }),
      ...(lastError === undefined ? {} : { lastError }),
    }),
  };
}

/** A URL without what may hold a credential. */
function bareUrl(text: string): string {
  try {
    const { protocol, host, pathname } = new URL(text);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return '';
  }
}
