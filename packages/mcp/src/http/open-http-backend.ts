import { limits } from '@mcp-acp/shared/limits';
import type { BackendEnd } from '../backend-end.ts';
import type { EndListener } from '../end.ts';
import { checkMessage } from '../strict/check-message.ts';
import { createConnectionState } from './connection-state.ts';
import { type HeaderList, headerList } from './header-list.ts';
import type { BackendState, HttpBackendOptions } from './http-backend-options.ts';
import { createHttpClient } from './http-client.ts';
import { createOpenQuestions } from './open-questions.ts';
import { createSseWire } from './sse-wire.ts';
import { createStreamableWire } from './streamable-wire.ts';
import type { Outgoing, Wire, WireParts } from './wire.ts';

export interface HttpBackend extends BackendEnd {
  state(): BackendState;
  /** What the server speaks; undefined until its first reply has shown it. */
  transport(): 'http' | 'sse' | undefined;
}

/** More bytes than this on their way, and the end is full. */
const maxWaitingBytes = 8 * 1024 * 1024;

/**
 * A backend that is reached over HTTP. Connecting begins at once; nothing is said before there is a message to send.
 * A request that gets no answer is reported by `failed`; the end as a whole lasts until it is terminated.
 */
export function openHttpBackend(options: HttpBackendOptions): HttpBackend {
  const headers = withUserAgent(headerList(options.headers));
  const state = createConnectionState((now) => options.onEvent({ kind: 'state', ...now }));
  const questions = createOpenQuestions();
  const client = createHttpClient({ ...options, onConnection: state.saw, isExcused: questions.any });
  const endpoint = { url: new URL(options.url) };
  options.onEvent({ kind: 'state', ...state.current() });
  client.warmUp(endpoint.url);
  let wire: Wire | undefined;
  let listener: EndListener | undefined;
  let waitingBytes = 0;
  let isFull = false;
  let over: () => void = () => undefined;
  const exited = new Promise<{ readonly kind: 'closed' }>((resolve) => {
    over = () => resolve({ kind: 'closed' });
  });
  let spoken: 'http' | 'sse' | undefined;
  let leaving: Promise<unknown> | undefined;

  const left = (bytes: number): void => {
    waitingBytes -= bytes;
    if (!isFull || waitingBytes >= maxWaitingBytes) return;
    isFull = false;
    listener?.drained();
  };

  const send = (outgoing: Outgoing): void => {
    questions.said(outgoing.message);
    waitingBytes += outgoing.line.length;
    wire?.send(outgoing);
  };

  const start = (given: EndListener): void => {
    const to: EndListener = {
      ...given,
      line: (line, message) => {
        if (message !== undefined) questions.heard(message);
        given.line(line, message);
      },
    };
    listener = to;
    const parts: WireParts = { options, headers, questions, client, listener: to, endpoint, left };
    const older = (): ReturnType<typeof createSseWire> =>
      createSseWire({ ...parts, endpoint: { url: new URL(options.url) } });
    if (options.transport === 'sse') {
      wire = older();
      spoken = 'sse';
      return;
    }
    let candidate: ReturnType<typeof createSseWire> | undefined;
    wire = createStreamableWire({
      ...parts,
      replied: () => {
        spoken = 'http';
      },
      tryOlder: async () => {
        candidate = older();
        const isOlder = await candidate.open();
        if (!isOlder) await candidate.leave();
        return isOlder;
      },
      takeOver: (waiting) => {
        wire = candidate;
        spoken = 'sse';
        // The first of them had left once already.
        waitingBytes += waiting[0]?.line.length ?? 0;
        for (const outgoing of waiting) wire?.send(outgoing);
      },
    });
  };

  const leave = (): Promise<unknown> => {
    leaving ??= (wire?.leave() ?? Promise.resolve()).finally(() => {
      client.close();
      over();
    });
    return leaving;
  };

  return {
    start,
    send: (lines) => {
      for (const line of lines) send({ message: checkMessage(line), line });
      isFull = waitingBytes >= maxWaitingBytes;
      return !isFull;
    },
    pause: client.pause,
    resume: client.resume,
    endSending: () => undefined,
    state: state.current,
    transport: () => spoken,
    endsWithItsInput: false,
    exited,
    terminate: async (graceMs = limits.terminateGraceMs) => {
      if (graceMs === 0) {
        client.close();
        over();
      } else await leave();
      return exited;
    },
  };
}

/** Some servers refuse whoever does not say what it is. */
const withUserAgent = (headers: HeaderList): HeaderList =>
  headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'user-agent')
    ? headers
    : ['user-agent', 'mcp-acp', ...headers];
