import type { EndListener } from '../end.ts';
import type { IncomingMessage } from '../message.ts';
import type { Call, Calls } from './calls.ts';
import type { HeaderList } from './header-list.ts';
import type { BackendEvent, HttpBackendOptions } from './http-backend-options.ts';
import type { HttpClient } from './http-client.ts';
import type { Lingering } from './lingering.ts';
import type { OpenQuestions } from './open-questions.ts';
import type { SendOrder, Turn } from './send-order.ts';

/** A message and the line it came as. */
export interface Outgoing {
  readonly message: IncomingMessage;
  readonly line: Buffer;
}

/** A server that has not said within this that it took a notification or an answer is not waited for. Milliseconds. */
export const takenMs = 5_000;

/** How long a stream may bring nothing while a call waits for its answer on it; 0 for ever. Milliseconds. */
export const longestSilenceMs = ({ firstByteMs, idleMs }: HttpBackendOptions): number =>
  firstByteMs === 0 || idleMs === 0 ? 0 : Math.max(firstByteMs, idleMs);

/** What is told of a message that the server did not take and nobody awaits an answer to. */
export const notTaken = (message: IncomingMessage, detail: string): BackendEvent => ({
  kind: 'not_taken',
  what: message.kind === 'notification' ? message.method : 'an answer',
  detail,
});

/** One way to carry messages over HTTP: Streamable HTTP, or the older HTTP+SSE. */
export interface Wire {
  /** Sends a call whose turn has come; `sent` is to be called when it is on its way. */
  carry(call: Call, sent: () => void): void;
  /** Sends a notification whose turn has come. */
  notify(outgoing: Outgoing, turn: Turn): void;
  /** Sends an answer to what the server asked: a call may be waiting for it, so it waits for none. */
  reply(outgoing: Outgoing): void;
  /** Says good-bye to the server, if it has a session, and settles; never rejects. */
  leave(): Promise<void>;
}

export interface WireParts {
  readonly options: HttpBackendOptions;
  readonly client: HttpClient;
  /** Sent with every request. */
  readonly headers: HeaderList;
  /** Gets what the server says; answers are noted in `calls` on the way. */
  readonly listener: EndListener;
  readonly calls: Calls;
  readonly order: SendOrder;
  readonly questions: OpenQuestions;
  readonly lingering: Lingering;
  /** Where requests go; a permanent redirect within its origin changes it. */
  readonly endpoint: { url: URL };
  /** Bytes are on their way, or will never be. */
  readonly left: (bytes: number) => void;
}
