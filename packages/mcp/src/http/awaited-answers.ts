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
  /** Takes out whatever still waits. */
  takeAll(): readonly RequestId[];
}

export function createAwaitedAnswers(message: IncomingMessage): AwaitedAnswers {
  const waiting = new Map<string | number, RequestMessage>();
  for (const request of requestsIn(message)) waiting.set(idKey(request.id), request);
  const note = (answer: SingleMessage): void => {
    if (answer.kind === 'response') waiting.delete(idKey(answer.id));
  };
  return {
    get size() {
      return waiting.size;
    },
    has: (id) => waiting.has(idKey(id)),
    saw: (answer) => {
      if (answer.kind === 'batch') for (const member of answer.members) note(member);
      else if (answer.kind === 'refused') {
        if (answer.id !== undefined && !answer.hasMethod) waiting.delete(idKey(answer.id));
      } else note(answer);
    },
    only: () => (waiting.size === 1 ? waiting.values().next().value : undefined),
    takeAll: () => {
      const ids = [...waiting.values()].map(({ id }) => id);
      waiting.clear();
      return ids;
    },
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
