import type {
  ApprovalAnswer,
  ApprovalCard,
  GrantOffer,
  GrantReach,
  PendingApproval,
} from '@mcp-acp/shared/live/approval';

/** What the keys do now. Discriminated on `mode`. */
export type WatchMode =
  | { readonly mode: 'list' }
  /** A number says how far the grant reaches. */
  | { readonly mode: 'scope' }
  /** A number says how long. */
  | { readonly mode: 'time'; readonly offer: GrantOffer; readonly times: readonly number[] }
  | { readonly mode: 'uses'; readonly offer: GrantOffer; readonly reach: GrantReach; readonly typed: string }
  /** The word confirms a yes. */
  | {
      readonly mode: 'confirm';
      readonly word: string;
      readonly reach: GrantReach | undefined;
      readonly typed: string;
    }
  | { readonly mode: 'reason'; readonly typed: string };

/** All that the live view knows. Times are milliseconds of a clock that never goes back. */
export interface WatchState {
  /** Newest first, as they were at `readAtMs`. */
  readonly questions: readonly PendingApproval[];
  readonly readAtMs: number;
  /** The id under the cursor. */
  readonly selected: string | undefined;
  /** The question under the cursor, once it has been read whole. */
  readonly card: ApprovalCard | undefined;
  /** Since when that card is under the cursor. */
  readonly cardAtMs: number;
  /** The first line of the card that is shown. */
  readonly scroll: number;
  /** The last line of what is decided on has been on the screen. */
  readonly isRead: boolean;
  readonly keys: WatchMode;
  /** An answer is on its way. */
  readonly isAnswering: boolean;
  readonly message: string;
  readonly source: 'manager' | 'proxies' | undefined;
  /** Instances that did not answer. */
  readonly unheard: number;
}

/** What is to be done. Discriminated on `effect`. */
export type WatchEffect =
  | { readonly effect: 'leave' }
  | { readonly effect: 'answer'; readonly answer: ApprovalAnswer };

export const emptyWatch: WatchState = {
  questions: [],
  readAtMs: 0,
  selected: undefined,
  card: undefined,
  cardAtMs: 0,
  scroll: 0,
  isRead: false,
  keys: { mode: 'list' },
  isAnswering: false,
  message: '',
  source: undefined,
  unheard: 0,
};

/** Nobody has read in less what has just appeared under the cursor. Milliseconds. */
export const guardMs = 500;

export const isGuarded = ({ card, cardAtMs }: WatchState, nowMs: number): boolean =>
  card === undefined || nowMs - cardAtMs < guardMs;

const under = (state: WatchState, selected: string | undefined): WatchState =>
  selected === state.selected
    ? state
    : { ...state, selected, card: undefined, scroll: 0, isRead: false, keys: { mode: 'list' } };

/** A list tells only the beginning of what a card has whole, but how a question stands now. */
const timesOf = ({ state, holdLeftMs, openLeftMs, attempts }: PendingApproval) => ({
  state,
  holdLeftMs,
  openLeftMs,
  attempts,
});

/** The list as it is now. The cursor stays on its question; where that is over, it goes to the one in its place. */
export function withQuestions(
  state: WatchState,
  questions: readonly PendingApproval[],
  nowMs: number,
): WatchState {
  const next = { ...state, questions, readAtMs: nowMs };
  const now = questions.find(({ approval }) => approval === state.selected);
  if (now !== undefined) {
    const { card } = state;
    if (card === undefined || card.digest === now.digest) {
      return { ...next, card: card === undefined ? undefined : { ...card, ...timesOf(now) } };
    }
    return { ...next, card: undefined, isRead: false, keys: { mode: 'list' } };
  }
  const before = Math.max(0, indexOf(state));
  const selected = questions[Math.min(before, questions.length - 1)]?.approval;
  const wasAsking = state.keys.mode !== 'list' && state.selected !== undefined;
  return under(
    { ...next, message: wasAsking && next.message === '' ? 'It is over.' : next.message },
    selected,
  );
}

/** The whole card of the question under the cursor has come. */
export function withCard(state: WatchState, card: ApprovalCard, nowMs: number): WatchState {
  if (card.approval !== state.selected) return state;
  return { ...state, card, cardAtMs: nowMs, isRead: false };
}

export const indexOf = ({ questions, selected }: WatchState): number =>
  questions.findIndex(({ approval }) => approval === selected);

export function moved(state: WatchState, by: number): WatchState {
  const { questions } = state;
  const to = Math.max(0, Math.min(questions.length - 1, indexOf(state) + by));
  return under({ ...state, message: '' }, questions[to]?.approval);
}

export const scrolled = (state: WatchState, by: number): WatchState => ({
  ...state,
  scroll: Math.max(0, state.scroll + by),
});
