/**
 * Nobody may approve what just popped up under the pointer or the key: for a moment after what is shown has changed, or
 * the window came to the front, an answer counts for nothing. Times are milliseconds of `performance.now()`, which is
 * also what an event's `timeStamp` is: a click that waited behind a busy page counts as of when it was made.
 */
export interface AnswerGuard {
  /** The question at its place, as it is seen; undefined while nothing is. */
  readonly shown: string | undefined;
  readonly readyAtMs: number;
}

export const guardMs = 500;

export type GuardEvent =
  /** It has been painted. A question that moved to another place, or says something else, is another `what`. */
  | { readonly type: 'shown'; readonly what: string }
  | { readonly type: 'hidden' }
  /** The window, or the card under the keyboard, has come to the front. */
  | { readonly type: 'focused' };

export const unguarded: AnswerGuard = { shown: undefined, readyAtMs: Number.POSITIVE_INFINITY };

export function stepGuard(guard: AnswerGuard, event: GuardEvent, nowMs: number): AnswerGuard {
  switch (event.type) {
    case 'shown':
      return event.what === guard.shown ? guard : { shown: event.what, readyAtMs: nowMs + guardMs };
    case 'hidden':
      return unguarded;
    case 'focused':
      return guard.shown === undefined ? guard : { ...guard, readyAtMs: nowMs + guardMs };
  }
}

export const mayAnswer = (guard: AnswerGuard, atMs: number): boolean => atMs >= guard.readyAtMs;
