import { limits } from '@mcp-acp/shared/limits';
import type { BackendEnd } from '../backend-end.ts';
import type { EndListener } from '../end.ts';
import type { IncomingMessage } from '../message.ts';
import { checkMessage } from '../strict/check-message.ts';
import { createCalls } from './calls.ts';
import { createConnectionState } from './connection-state.ts';
import { type HeaderList, headerList } from './header-list.ts';
import type { HttpBackendOptions } from './http-backend-options.ts';
import { createHttpClient } from './http-client.ts';
import { createLingering, lingerersBeside } from './lingering.ts';
import { createOpenQuestions } from './open-questions.ts';
import { createRouter, type Router } from './router.ts';
import { createSendOrder } from './send-order.ts';
import { createSseWire } from './sse-wire.ts';
import { createStreamableWire } from './streamable-wire.ts';
import type { WireParts } from './wire.ts';

export interface HttpBackend extends BackendEnd {
  /** What the server speaks; undefined until its first reply has shown it. */
  transport(): 'http' | 'sse' | undefined;
}

/** More bytes than this that are not on their way, and the end is full. */
const maxWaitingBytes = 8 * 1024 * 1024;
/** How long a server may take to show that it is one of HTTP+SSE. Milliseconds. */
const trialMs = 5_000;

/**
 * A backend that is reached over HTTP. Connecting begins at once; nothing is said before there is a message to send.
 * A request that gets no answer is reported by `failed`; the end as a whole lasts until it is terminated.
 */
export function openHttpBackend(options: HttpBackendOptions): HttpBackend {
  const headers = withUserAgent(headerList(options.headers));
  const state = createConnectionState((now) => options.onEvent({ kind: 'state', ...now }));
  const questions = createOpenQuestions();
  const client = createHttpClient({
    ...options,
    firstLane: options.transport === 'sse' ? 'stream' : 'call',
    onConnection: state.saw,
    isExcused: questions.any,
  });
  const endpoint = { url: new URL(options.url) };
  options.onEvent({ kind: 'state', ...state.current() });
  client.warmUp(endpoint.url);
  let router: Router | undefined;
  let listener: EndListener | undefined;
  let spoken: 'http' | 'sse' | undefined;
  let waitingBytes = 0;
  let isFull = false;
  let over: () => void = () => undefined;
  const exited = new Promise<{ readonly kind: 'closed' }>((resolve) => {
    over = () => resolve({ kind: 'closed' });
  });
  let leaving: Promise<void> | undefined;

  const left = (bytes: number): void => {
    waitingBytes -= bytes;
    if (!isFull || waitingBytes >= maxWaitingBytes) return;
    isFull = false;
    listener?.drained();
  };

  const start = (given: EndListener): void => {
    listener = given;
    const order = createSendOrder(options.maxConnections);
    const calls = createCalls({ order, left, failed: given.failed });
    const to: EndListener = {
      ...given,
      line: (line, message) => {
        for (const answer of answersIn(message)) calls.answered(answer);
        given.line(line, message);
      },
      oversize: (size, remains) => {
        if (remains.id !== undefined && !remains.hasMethod) calls.answered(remains.id);
        given.oversize(size, remains);
      },
    };
    const lingering = createLingering(lingerersBeside(options.maxConnections));
    const parts: WireParts = {
      options,
      lingering,
      headers,
      client,
      listener: to,
      calls,
      order,
      questions,
      endpoint,
      left,
    };
    // The older transport has an address of its own, whatever redirects have done to the other.
    const older = () => createSseWire({ ...parts, endpoint: { url: new URL(options.url) } });
    router = createRouter(parts);
    if (options.transport === 'sse') {
      spoken = 'sse';
      return router.use(older());
    }
    router.use(
      createStreamableWire({
        ...parts,
        replied: () => {
          spoken = 'http';
        },
        tryOlder: async (call, sent) => {
          const candidate = older();
          const isOlder = await candidate.open(trialMs);
          if (!isOlder || !calls.isWanted(call)) {
            void candidate.leave();
            return false;
          }
          spoken = 'sse';
          router?.use(candidate);
          // Its bytes had left once already.
          left(-call.outgoing.line.length);
          candidate.carry(call, sent);
          return true;
        },
      }),
    );
  };

  const leave = (): Promise<void> => {
    leaving ??= (router?.leave() ?? Promise.resolve()).finally(() => {
      client.close();
      over();
    });
    return leaving;
  };

  return {
    start,
    send: (lines) => {
      for (const line of lines) {
        const message = checkMessage(line);
        questions.said(message);
        waitingBytes += line.length;
        router?.send({ message, line });
      }
      isFull = waitingBytes >= maxWaitingBytes;
      return !isFull;
    },
    pause: client.pause,
    resume: client.resume,
    endSending: () => undefined,
    transport: () => spoken,
    endsWithItsInput: false,
    exited,
    terminate: (graceMs = limits.terminateGraceMs) => {
      if (graceMs === 0) {
        client.close();
        over();
      } else void leave();
      return exited;
    },
  };
}

/** The ids of what a message answers. */
function answersIn(message: IncomingMessage | undefined) {
  if (message === undefined) return [];
  if (message.kind === 'refused') return message.id === undefined || message.hasMethod ? [] : [message.id];
  const members = message.kind === 'batch' ? message.members : [message];
  return members.flatMap((member) => (member.kind === 'response' ? [member.id] : []));
}

/** Some servers refuse whoever does not say what it is. */
const withUserAgent = (headers: HeaderList): HeaderList =>
  headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'user-agent')
    ? headers
    : ['user-agent', 'mcp-acp', ...headers];
