import type { RequestFailure } from '../end.ts';
import { idKey, type ResponseMessage } from '../message.ts';
import { patientMethods } from '../patient-methods.ts';
import { checkMessage } from '../strict/check-message.ts';
import { createAwaitedAnswers, requestsIn } from './awaited-answers.ts';
import type { Call } from './calls.ts';
import { createHttpSession, revisionOf } from './http-session.ts';
import { type PostCall, type PostedCall, postCall } from './post-call.ts';
import type { ReplySink } from './reply-reader.ts';
import { openSseStream, type SseStream } from './sse-stream.ts';
import { longestSilenceMs, notTaken, type Outgoing, takenMs, type Wire, type WireParts } from './wire.ts';

export interface SseWire extends Wire {
  /** Opens the stream ahead of the first message, at most within this time. Settles with whether it is open. */
  open(withinMs: number): Promise<boolean>;
}

const slowestSweepMs = 2_500;

/**
 * HTTP+SSE, the transport of 2024-11-05: one stream brings everything the server says and names the address that
 * messages are posted to. The session ends with the stream; it is opened again, with the client's own handshake, when
 * there is something to send.
 */
export function createSseWire(parts: WireParts): SseWire {
  const { listener, options, calls, questions } = parts;
  const session = createHttpSession();
  const silenceMs = longestSilenceMs(options);
  let stream: SseStream | undefined;
  let opening: Promise<RequestFailure | undefined> | undefined;
  /** Gets the answer to a handshake of ours; others are the client's. */
  let awaitedByUs:
    | { readonly id: string | number; readonly answered: (answer: ResponseMessage | undefined) => void }
    | undefined;
  /** The client's own `initialize`, until it is answered. */
  let initializing: string | number | undefined;
  let lastMessageMs = 0;

  const sink: ReplySink = {
    message: (message, line) => {
      lastMessageMs = performance.now();
      questions.heard(message, session);
      if (message.kind === 'response' && idKey(message.id) === awaitedByUs?.id) {
        return awaitedByUs.answered(message);
      }
      if (message.kind === 'response' && idKey(message.id) === initializing) {
        initializing = undefined;
        session.answered(revisionOf(message));
      }
      listener.line(line, message);
    },
    oversize: listener.oversize,
  };

  const failAll = (failure: RequestFailure, which: (call: Call) => boolean): void => {
    // What waits in the queue, or for the stream, is not lost with it.
    for (const call of calls.all()) if (call.phase === 'sent' && which(call)) calls.failed(call, failure);
  };

  const lost = (detail: string): void => {
    stream = undefined;
    if (initializing !== undefined) session.answered(undefined);
    initializing = undefined;
    awaitedByUs?.answered(undefined);
    questions.dropped(session);
    failAll({ code: 'backend_connection_lost', detail }, () => true);
  };

  /** Settles when the stream is there, with a session where there was one before; or with why not. */
  const ready = (withinMs?: number): Promise<RequestFailure | undefined> => {
    if (stream !== undefined && opening === undefined) return Promise.resolve(undefined);
    opening ??= connect(withinMs).finally(() => {
      opening = undefined;
    });
    return opening;
  };

  const connect = async (withinMs?: number): Promise<RequestFailure | undefined> => {
    let opened = await openSseStream(parts, { sink, lost, withinMs });
    // A kept connection may just be closing. Opening a stream runs nothing, so it is tried on a new one.
    if (opened.kind === 'failed' && opened.why === 'lost') {
      opened = await openSseStream(parts, { sink, lost, withinMs });
    }
    if (opened.kind === 'failed') {
      const { why, detail } = opened;
      return { code: why === 'refused' ? 'backend_refused' : 'backend_unreachable', detail };
    }
    stream = opened.stream;
    const { initialize, initialized, revision } = session;
    if (initialize === undefined || revision === undefined) return undefined;
    if (await shakeHands({ initialize, initialized, revision })) return undefined;
    stream?.close();
    stream = undefined;
    return { code: 'backend_unreachable', detail: 'the session has ended and could not be opened again' };
  };

  interface Handshake {
    readonly initialize: Buffer;
    readonly initialized: Buffer | undefined;
    readonly revision: string;
  }

  /** Repeats the client's own handshake on a new stream; its answer is ours. Settles with whether it was taken. */
  const shakeHands = async ({ initialize, initialized, revision }: Handshake): Promise<boolean> => {
    const [request] = requestsIn(checkMessage(initialize));
    if (request === undefined) return false;
    const offered = await new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), options.firstByteMs || slowestHandshakeMs).unref();
      const settle = (settled: string | undefined): void => {
        clearTimeout(timer);
        resolve(settled);
      };
      awaitedByUs = { id: idKey(request.id), answered: (answer) => settle(answer && revisionOf(answer)) };
      post(initialize, { failed: () => settle(undefined) }, false);
    });
    awaitedByUs = undefined;
    // Another revision than the client knows of would change what its messages mean.
    if (offered !== revision) return false;
    if (initialized !== undefined)
      await new Promise<void>((resolve) => post(initialized, { over: resolve }, false));
    options.onEvent({ kind: 'session_renewed' });
    return true;
  };

  /** Posts bytes to the address that the stream named; what they bring comes on the stream. */
  const post = (
    body: Buffer,
    events: Partial<Pick<PostCall, 'lane' | 'replyMs' | 'sent' | 'failed' | 'over' | 'accepted'>>,
    isAccounted = true,
  ): PostedCall | undefined => {
    if (stream === undefined) {
      if (isAccounted) parts.left(body.length);
      events.failed?.({ code: 'backend_unreachable', detail: 'the stream ended before it was sent' });
      events.over?.();
      return undefined;
    }
    const at = {
      ...parts,
      endpoint: { url: stream.address },
      ...(isAccounted ? {} : { left: () => undefined }),
    };
    return postCall(at, {
      body,
      awaited: createAwaitedAnswers(),
      headers: session.headers,
      lane: 'call',
      isPatient: false,
      isResumable: false,
      deliver: sink.message,
      failed: () => undefined,
      ...events,
    });
  };

  const carry = (call: Call, sent: () => void): void => {
    const { message, line } = call.outgoing;
    let posted: PostedCall | undefined;
    call.stop = () => posted?.abort();
    void ready().then((failure) => {
      // Cancelled while the stream was being opened: then it must not be sent any more.
      if (failure !== undefined || !calls.isWanted(call)) {
        parts.left(line.length);
        if (failure !== undefined) calls.failed(call, failure);
        return;
      }
      if (message.kind === 'request' && message.method === 'initialize') {
        initializing = idKey(message.id);
        session.begin(line);
      }
      posted = post(line, { sent, failed: (why) => calls.failed(call, why) });
    });
  };

  const tell = ({ message, line }: Outgoing, events: Pick<PostCall, 'lane' | 'sent' | 'over'>): void => {
    const isConfirmation = message.kind === 'notification' && message.method === 'notifications/initialized';
    const failed = ({ detail }: RequestFailure): void => options.onEvent(notTaken(message, detail));
    void ready().then((failure) => {
      if (failure === undefined) {
        const accepted = isConfirmation ? () => session.confirmed(line) : () => undefined;
        post(line, { ...events, replyMs: takenMs, failed, accepted });
        return;
      }
      parts.left(line.length);
      failed(failure);
      events.over?.();
    });
  };

  const sweep = (): void => {
    const nowMs = performance.now();
    if (questions.any()) lastMessageMs = nowMs;
    const isSilent = ({ outgoing: { message }, sentMs }: Call): boolean =>
      nowMs - Math.max(sentMs, lastMessageMs) > silenceMs &&
      !(message.kind === 'request' && patientMethods.has(message.method));
    failAll({ code: 'backend_timeout', detail: `no message for ${silenceMs / 1000} s` }, isSilent);
  };
  const sweeping =
    silenceMs === 0
      ? undefined
      : setInterval(sweep, Math.max(50, Math.min(silenceMs / 4, slowestSweepMs))).unref();

  return {
    open: async (withinMs) => (await ready(withinMs)) === undefined,
    carry,
    notify: (outgoing, turn) => tell(outgoing, { lane: 'notification', sent: turn.sent, over: turn.over }),
    reply: (outgoing) => tell(outgoing, { lane: 'answer' }),
    leave: () => {
      clearInterval(sweeping);
      stream?.close();
      return Promise.resolve();
    },
  };
}

/** How long a handshake of ours may take where nothing else has a limit. Milliseconds. */
const slowestHandshakeMs = 60_000;
