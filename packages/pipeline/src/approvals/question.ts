import type { Timers } from '@mcp-acp/shared/clock';
import type { RandomBytes } from '@mcp-acp/shared/ids';
import type { ApprovalChannel, Destination, EndedApproval, GrantOffer } from '@mcp-acp/shared/live/approval';
import type { EventOrigin } from '@mcp-acp/shared/live/live-event';
import type { Decided, Proceed } from '../stages/stage-results.ts';
import type { Binding } from './binding.ts';
import type { Person } from './person.ts';

/** What approvals need besides what every exchange works with. */
export interface ApprovalOptions {
  readonly person: Person;
  readonly origin: EventOrigin;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** How long a call waits, and how long its question can be answered. Milliseconds. */
  readonly holdMs: () => number;
  readonly openMs: () => number;
}

/** Questions that are pending in one instance, and the bytes of their calls. */
export const mostQuestions = 2_048;
export const mostQuestionBytes = 64 * 1024 * 1024;
/** Those that are over, for whoever answers too late. */
export const mostEnded = 256;
export const mostEndedShown = 64;

/** A call that waits for an answer. */
export interface Waiter {
  readonly sinceMs: number;
  readonly conclude: Proceed;
  /** The call is told to try again then. */
  readonly stopHold: () => void;
  readonly holdEndsMs: number;
}

/** Something a person is asked. */
export interface Question {
  readonly id: string;
  readonly binding: Binding;
  readonly askedAt: number;
  readonly openEndsMs: number;
  readonly stopOpen: () => void;
  /** Bytes it keeps alive: those of the newest call that asked it. */
  size: number;
  readonly offers: readonly GrantOffer[];
  readonly via: readonly ApprovalChannel[] | undefined;
  /** As the newest call that asked it was judged, without what its line holds too. */
  decided: Decided;
  /** Where it leads. */
  destinations: readonly Destination[];
  /** Of its arguments: the beginning, and the length in UTF-16 units. */
  preview: string;
  argumentsLength: number;
  attempts: number;
  /** At most one: a second call of the same kind meanwhile is a question of its own. */
  waiter: Waiter | undefined;
}

export interface End {
  readonly end: EndedApproval['end'];
  readonly channel?: ApprovalChannel | undefined;
  readonly reason?: string | undefined;
}
