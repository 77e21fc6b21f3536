import type { BackendState } from './http-backend-options.ts';
import type { ConnectionEvent } from './http-client.ts';

export interface ConnectionState {
  current(): BackendState;
  saw(event: ConnectionEvent): void;
}

/** Reads a backend's state from what happens to connections; `onChange` hears of changes only. */
export function createConnectionState(onChange: (state: BackendState) => void): ConnectionState {
  let current: BackendState = { state: 'connecting' };
  let wasConnected = false;

  const change = (next: BackendState): void => {
    if (next.state === current.state && next.error === current.error) return;
    current = next;
    onChange(next);
  };

  return {
    current: () => current,
    saw: (event) => {
      switch (event.kind) {
        case 'connected':
          wasConnected = true;
          return change({ state: 'connected' });
        case 'retrying':
          // What has failed stays so until a connection comes about.
          if (current.state === 'failed') return;
          return change({ state: wasConnected ? 'reconnecting' : 'connecting', error: event.error });
        case 'failed':
          return change({ state: 'failed', error: event.error });
      }
    },
  };
}
