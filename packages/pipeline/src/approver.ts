import type { Decided } from './stages/stage-results.ts';

/** How a question to a person ended. */
export type Answer =
  | { readonly kind: 'approved'; readonly channel: string }
  | { readonly kind: 'refused'; readonly channel: string; readonly reason?: string }
  /** No channel reaches a person: the call is refused at once. */
  | { readonly kind: 'nobody_could_be_asked' };

/** Asks a person. An answer that is known at once comes without a promise, so that the order of messages is kept. */
export interface Approver {
  ask(question: Decided): Answer | Promise<Answer>;
}

/** For a proxy without any channel to a person. */
export const nobodyToAsk: Approver = { ask: () => ({ kind: 'nobody_could_be_asked' }) };
