import {
  type IncomingMessage,
  idKey,
  type MessageBytes,
  memberBytes,
  type RequestId,
  type RequestMessage,
  type SingleMessage,
  type StrayErrorMessage,
} from '../message.ts';
import { slot } from '../strict/slots.ts';

/** The requests of one POST that have not been answered yet. */
export interface AwaitedAnswers {
  readonly size: number;
  has(id: RequestId): boolean;
  /** Notes the answers among what came. */
  saw(message: IncomingMessage): void;
  /** The one request that waits, or undefined where none or several do. */
  only(): RequestMessage | undefined;
  /** One was answered, here or elsewhere. */
  answered(id: RequestId): void;
}

/** Without a message: nothing is awaited. */
export function createAwaitedAnswers(message?: IncomingMessage): AwaitedAnswers {
  let waiting = message === undefined ? [] : requestsIn(message);
  const isFor =
    (id: RequestId) =>
    (request: RequestMessage): boolean =>
      idKey(request.id) === idKey(id);
  const answered = (id: RequestId): void => {
    waiting = waiting.filter((request) => !isFor(id)(request));
  };
  const note = (answer: SingleMessage): void => {
    if (answer.kind === 'response') answered(answer.id);
  };
  return {
    get size() {
      return waiting.length;
    },
    has: (id) => waiting.some(isFor(id)),
    saw: (answer) => {
      if (answer.kind === 'batch') answer.members.forEach(note);
      else if (answer.kind !== 'refused') note(answer);
      else if (answer.id !== undefined && !answer.hasMethod) answered(answer.id);
    },
    only: () => (waiting.length === 1 ? waiting[0] : undefined),
    answered,
  };
}

/** The requests that a message is or holds. */
export function requestsIn(message: IncomingMessage): readonly RequestMessage[] {
  if (message.kind === 'request') return [message];
  return message.kind === 'batch' ? message.members.filter((member) => member.kind === 'request') : [];
}

/**
 * An error without an id, in the reply to one request, answers that request: it gets the id of the request, and the
 * error stays as the bytes that came.
 */
export function answerFrom(error: StrayErrorMessage, request: RequestMessage): Buffer {
  const of = (message: MessageBytes, member: typeof slot.id | typeof slot.error): Buffer =>
    memberBytes(message, member) ?? Buffer.from('null');
  return Buffer.concat([
    Buffer.from('{"jsonrpc":"2.0","id":'),
    of(request, slot.id),
    Buffer.from(',"error":'),
    of(error, slot.error),
    Buffer.from('}'),
  ]);
}
