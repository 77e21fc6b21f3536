import type { RequestFailure } from '../end.ts';
import { idKey, memberValue, type NotificationMessage, type RequestId } from '../message.ts';
import { slot } from '../strict/slots.ts';
import { requestsIn } from './awaited-answers.ts';
import type { SendOrder, Turn, Waiting } from './send-order.ts';
import type { Outgoing } from './wire.ts';

/** After its cancellation a call may still be answered for so long; servers need not answer it at all. Milliseconds. */
const cancelledMs = 5_000;

/** A message with requests in it, from its place in the queue until each of them is answered. */
export interface Call {
  readonly outgoing: Outgoing;
  /** `queued`: not begun. `unsent`: nothing of it runs: it is being sent, or was refused and will be sent again. `sent`: it may run. */
  phase: 'queued' | 'unsent' | 'sent';
  /** When it was sent, on the monotonic clock. Milliseconds. */
  sentMs: number;
  /** Lets go of whatever carries it. */
  stop: () => void;
  /** One of its requests was answered, by whatever stream the answer came. */
  answered: (id: RequestId) => void;
}

/** What starts a call once its turn has come. It says by `sent` when it is on its way. */
export type Carrier = (call: Call, sent: () => void) => void;

/**
 * The client's calls, by id: the one place that knows what has become of each, so that an answer, a failure and a
 * cancellation find the call they mean, and none is ended twice.
 */
export interface Calls {
  add(outgoing: Outgoing, kind: Waiting['kind'], carry: Carrier): void;
  /** Whether it still waits for an answer: nothing is sent for one that does not. */
  isWanted(call: Call): boolean;
  answered(id: RequestId): void;
  /** It gets no answer. */
  failed(call: Call, failure: RequestFailure): void;
  /**
   * The client cancels. True where that is all: the call has not run, or letting go of its stream tells the server. Else
   * the server is to be told by the message.
   */
  cancel(message: NotificationMessage, closingTells: (call: Call) => boolean): boolean;
  all(): readonly Call[];
}

interface Entry extends Call {
  readonly waiting: Waiting;
  readonly open: Set<string | number>;
  turn: Turn | undefined;
}

export interface CallsParts {
  readonly order: SendOrder;
  /** Bytes that never leave. */
  readonly left: (bytes: number) => void;
  readonly failed: (id: RequestId, failure: RequestFailure) => void;
}

export function createCalls({ order, left, failed }: CallsParts): Calls {
  const byId = new Map<string | number, Entry>();

  const end = (entry: Entry): void => {
    for (const key of entry.open) if (byId.get(key) === entry) byId.delete(key);
    entry.open.clear();
    entry.turn?.over();
  };

  const isWanted = (call: Call): boolean => (call as Entry).open.size > 0;

  const add: Calls['add'] = (outgoing, kind, carry) => {
    const open = new Set(requestsIn(outgoing.message).map(({ id }) => idKey(id)));
    const entry: Entry = {
      outgoing,
      phase: 'queued',
      sentMs: 0,
      stop: () => undefined,
      answered: () => undefined,
      open,
      turn: undefined,
      waiting: {
        kind,
        start: (turn) => {
          entry.turn = turn;
          entry.phase = 'unsent';
          carry(entry, () => {
            entry.phase = 'sent';
            entry.sentMs = performance.now();
            turn.sent();
          });
        },
      },
    };
    for (const key of open) byId.set(key, entry);
    order.add(entry.waiting);
  };

  const answered: Calls['answered'] = (id) => {
    const entry = byId.get(idKey(id));
    if (entry === undefined || entry.phase === 'queued') return;
    byId.delete(idKey(id));
    entry.open.delete(idKey(id));
    entry.answered(id);
    if (entry.open.size === 0) entry.turn?.over();
  };

  const fail: Calls['failed'] = (call, failure) => {
    const entry = call as Entry;
    const ids = requestsIn(entry.outgoing.message).filter(({ id }) => entry.open.has(idKey(id)));
    end(entry);
    for (const { id } of ids) failed(id, failure);
  };

  const cancel: Calls['cancel'] = (message, closingTells) => {
    const id = memberValue(message, slot.requestId);
    const entry = typeof id === 'string' || typeof id === 'number' ? byId.get(idKey(id)) : undefined;
    // A member of a batch cannot be taken back alone.
    if (entry === undefined || entry.outgoing.message.kind === 'batch') return false;
    if (entry.phase === 'queued') {
      order.remove(entry.waiting);
      left(entry.outgoing.line.length);
    }
    if (entry.phase === 'sent' && !closingTells(entry)) {
      setTimeout(() => {
        if (!isWanted(entry)) return;
        entry.stop();
        end(entry);
      }, cancelledMs).unref();
      return false;
    }
    entry.stop();
    end(entry);
    return true;
  };

  return { add, isWanted, answered, failed: fail, cancel, all: () => [...new Set(byId.values())] };
}
