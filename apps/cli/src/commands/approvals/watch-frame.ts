import { askedFor, offerText, timeText } from '@mcp-acp/admin/approval-facts';
import type { ApprovalCard, PendingApproval } from '@mcp-acp/shared/live/approval';
import { visible } from '@mcp-acp/shared/visible';
import { createStyle } from '../../output/style.ts';
import { reachText } from './answer-text.ts';
import { cardLines, leftText } from './card-lines.ts';
import { clip, ofCertainWidth, pad, wrap } from './terminal-cells.ts';
import { indexOf, isGuarded, type WatchState } from './watch-state.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A screen's lines, each at most as wide as it; `selected` is the one to be set off. */
export interface Frame {
  readonly lines: readonly string[];
  readonly selected: number | undefined;
  /** Lines of the card that are shown at once. */
  readonly page: number;
  /** The first line of the card that is shown. */
  readonly scroll: number;
  /** The last line of what is decided on is among them. */
  readonly showsEnd: boolean;
}

const least: Size = { columns: 30, rows: 10 };
/** Title, rule, rule, message, keys. */
const fixedRows = 5;

/** The screen as it should be now. */
export function watchFrame(state: WatchState, size: Size, nowMs: number): Frame {
  const { columns, rows } = size;
  if (columns < least.columns || rows < least.rows) {
    const lines = [clip('The window is too small.', columns), clip('q leaves', columns)];
    return {
      lines: lines.slice(0, rows),
      selected: undefined,
      page: 1,
      scroll: state.scroll,
      showsEnd: false,
    };
  }
  const room = rows - fixedRows;
  const listRows = Math.max(1, Math.min(state.questions.length, Math.max(3, Math.floor(room / 3))));
  const page = room - listRows;
  const list = listWindow(state, listRows);
  const rule = '─'.repeat(columns);
  const ago = nowMs - state.readAtMs;
  const body = cardBody(state, columns);
  const first = Math.min(state.scroll, Math.max(0, body.length - page));
  const hidden = body.length - first - page;
  const place =
    body.length > page
      ? ` lines ${first + 1} to ${Math.min(body.length, first + page)} of ${body.length}, space goes on `
      : '';
  const lines = [
    clip(title(state), columns),
    rule,
    ...filled(
      list.shown.map((question) =>
        clip(row(question, { columns, ago, isUnder: question.approval === state.selected }), columns),
      ),
      listRows,
    ),
    clip(`──${place}${rule}`, columns).replace(/…$/, '─'),
    ...filled(body.slice(first, first + page), page),
    clip(state.message, columns),
    clip(prompt(state, nowMs), columns),
  ];
  const at = list.shown.findIndex(({ approval }) => approval === state.selected);
  return {
    lines,
    selected: at < 0 ? undefined : 2 + at,
    page,
    scroll: first,
    showsEnd: state.card !== undefined && hidden <= 0,
  };
}

function title({ questions, source, unheard }: WatchState): string {
  const count = questions.length === 0 ? 'nothing waits for you' : `${questions.length} waiting`;
  const way =
    source === undefined ? 'connecting' : source === 'manager' ? 'through the manager' : 'no manager';
  return `mcp-acp: ${count}, ${way}${unheard > 0 ? `, ${unheard} did not answer` : ''}`;
}

const filled = (lines: readonly string[], rows: number): readonly string[] => [
  ...lines,
  ...Array.from({ length: Math.max(0, rows - lines.length) }, () => ''),
];

/** The part of the list around the cursor. */
function listWindow(state: WatchState, rows: number): { readonly shown: readonly PendingApproval[] } {
  const at = Math.max(0, indexOf(state));
  const start = Math.max(0, Math.min(at - Math.floor(rows / 2), state.questions.length - rows));
  return { shown: state.questions.slice(start, start + rows) };
}

function row(
  question: PendingApproval,
  { columns, ago, isUnder }: { readonly columns: number; readonly ago: number; readonly isUnder: boolean },
): string {
  const wait = leftText(question, ago);
  const waitWidth = 24;
  const rest = Math.max(10, columns - waitWidth - 4);
  const call = pad(askedFor(question, 80), Math.floor(rest / 2));
  const who = [question.proxy.name, visible(question.client ?? '', 40)]
    .filter((text) => text !== '')
    .join(', ');
  return `${isUnder ? '>' : ' '} ${call} ${pad(who, rest - Math.floor(rest / 2))} ${wait}`;
}

/** Lines of cards, which are long to make where the arguments are. */
const kept = new WeakMap<ApprovalCard, { readonly columns: number; readonly lines: readonly string[] }>();
const plain = createStyle(false);

function cardBody(state: WatchState, columns: number): readonly string[] {
  const { card, selected, keys } = state;
  if (selected === undefined) {
    return wrap('Calls that need a person wait here while this is open.', columns);
  }
  if (card === undefined) return ['Reading it…'];
  if (keys.mode === 'scope') {
    return numbered('How far may it reach?', card.offers.map(offerText), columns);
  }
  if (keys.mode === 'time') {
    return numbered(
      'For how long?',
      keys.times.map((ms) => (Number.isFinite(ms) ? timeText(ms) : 'as long as the session')),
      columns,
    );
  }
  if (keys.mode === 'confirm' && keys.reach !== undefined) {
    return wrap(`Grant: ${reachText(card, keys.reach)}`, columns, '    ');
  }
  const known = kept.get(card);
  if (known?.columns === columns) return known.lines;
  const lines = cardLines(card, { style: plain, columns, withOffers: false });
  kept.set(card, { columns, lines });
  return lines;
}

const numbered = (question: string, choices: readonly string[], columns: number): readonly string[] =>
  [question, '', ...choices.map((choice, index) => `  ${index + 1}  ${choice}`)].flatMap((line) =>
    wrap(line, columns, '     '),
  );

function prompt(state: WatchState, nowMs: number): string {
  const { keys } = state;
  switch (keys.mode) {
    case 'list':
      if (state.selected === undefined) return 'q leave';
      if (isGuarded(state, nowMs)) return 'j/k move   q leave';
      if (!state.isRead) return 'space read on   d deny   r deny with a reason   j/k move   q leave';
      return 'a approve once   g grant   d deny   r deny with a reason   j/k move   q leave';
    case 'scope':
    case 'time':
      return 'Type a number. Esc goes back.';
    case 'uses': {
      const most = keys.offer.mostUses;
      return `How many calls? (Enter: ${most === undefined ? 'without a limit' : `at most ${most}`}) ${keys.typed}`;
    }
    case 'reason':
      return `Deny, saying (Enter sends): ${tail(keys.typed)}`;
    case 'confirm': {
      const what = keys.reach === undefined ? 'approve this call' : 'approve and grant that';
      return `Type ${keys.word} to ${what}: ${tail(keys.typed)}`;
    }
  }
}

/** The end of what is being typed. */
const tail = (typed: string): string => [...ofCertainWidth(visible(typed, 1_000))].slice(-30).join('');
