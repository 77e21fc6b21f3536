import type { BackendEvent } from '@mcp-acp/mcp/http/http-backend-options';
import type { SessionBody } from '@mcp-acp/shared/journal-record';

/** What is told of a backend before there is a journal; the connection changes its state a few times at most. */
const maxHeld = 64;

/** Brings a backend's events, which begin before the journal does, to whoever records them. */
export interface BackendEvents {
  readonly saw: (event: BackendEvent) => void;
  /** A backend that is a process runs. */
  readonly started: () => void;
  /** How long it took to reach the backend, or to give up, the last time that was tried. Milliseconds. */
  readonly connectMs: () => number | undefined;
  /** Gives what has happened, and from now on what happens. */
  listen(listener: (event: BackendEvent) => void): void;
}

/** To be made right before the backend is started or connected to. */
export function createBackendEvents(): BackendEvents {
  let triedMs = performance.now();
  let connectMs: number | undefined;
  const reached = (): void => {
    connectMs = performance.now() - triedMs;
    triedMs = performance.now();
  };
  const timed = (event: BackendEvent): void => {
    if (event.kind !== 'state') return;
    if (event.state === 'connected' || event.state === 'failed') reached();
    else if (event.state === 'reconnecting') triedMs = performance.now();
  };
  let held: BackendEvent[] = [];
  let tell = (event: BackendEvent): void => {
    if (held.length < maxHeld) held.push(event);
  };
  return {
    saw: (event) => {
      timed(event);
      tell(event);
    },
    started: reached,
    connectMs: () => connectMs,
    listen: (listener) => {
      tell = listener;
      for (const event of held) listener(event);
      held = [];
    },
  };
}

/** The record of an event, or undefined for one that is only worth a line on stderr. */
export function recordOf(event: BackendEvent): SessionBody | undefined {
  switch (event.kind) {
    case 'state': {
      const { state, error } = event;
      return { type: 'session', event: 'backend', state, ...(error === undefined ? {} : { error }) };
    }
    case 'session_renewed':
      return { type: 'session', event: 'renewed' };
    case 'tools_listed':
      return { type: 'session', event: 'tools_listed' };
    case 'not_taken':
      return undefined;
  }
}
