import { approvalFacts, argumentLines, timeText } from '@mcp-acp/admin/approval-facts';
import { shownText } from '@mcp-acp/admin/shown-text';
import { type ArgumentDifference, argumentDifferences } from '@mcp-acp/shared/argument-difference';
import type { JsonValue } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';
import type { ApprovalCard, PendingApproval } from '@mcp-acp/shared/live/approval';
import { visible } from '@mcp-acp/shared/visible';
import type { Style } from '../../output/style.ts';
import { offerLines } from './answer-text.ts';
import { inRows } from './terminal-cells.ts';

/** How much of two values that differ is quoted; all of the new one is among the arguments. */
const quoted = 400;

export interface CardLook {
  readonly style: Style;
  /** Cells of the terminal in a row. Undefined where what is written is no terminal: there a line is as long as it is. */
  readonly columns: number | undefined;
  /** How far an approval may reach; of no use to who denies. */
  readonly withOffers?: boolean;
}

/** A line of ours before it is broken into rows; what is not said to be a label may be words of others. */
interface CardLine {
  readonly text: string;
  readonly look?: Exclude<keyof Style, 'dim'>;
  /** So many characters at its beginning are a label of ours. */
  readonly label?: number;
}

/**
 * A card as a person reads it: what is asked for, all of its arguments, what is new in them. Only what we say ourselves is
 * ever at the beginning of a row.
 */
export function cardLines(
  card: ApprovalCard,
  { style, columns, withOffers = true }: CardLook,
): readonly string[] {
  const lines = [
    ...factLines(card),
    blank,
    ...argumentsLines(card),
    ...otherLines(card),
    ...differenceLines(card),
    ...(withOffers ? [blank, bold('A yes is good for'), said('  this call'), ...offered(card)] : []),
  ];
  return lines.flatMap((line) => rows(line, style, columns));
}

function rows({ text, look, label = 0 }: CardLine, style: Style, columns: number | undefined): string[] {
  return inRows(text, columns).map((row, index) => {
    if (look !== undefined) return style[look](row);
    return index > 0 || label === 0 ? row : `${style.dim(row.slice(0, label))}${row.slice(label)}`;
  });
}

const said = (text: string): CardLine => ({ text });
const bold = (text: string): CardLine => ({ text, look: 'bold' });
const blank = said('');

function factLines(card: ApprovalCard): readonly CardLine[] {
  const facts = approvalFacts(card);
  const width = Math.max(...facts.map(({ label }) => label.length));
  return facts.map(({ label, text }) => ({ text: `${label.padEnd(width)}  ${text}`, label: width }));
}

function argumentsLines({ arguments: json, argumentsLength }: ApprovalCard): readonly CardLine[] {
  const cut = argumentsLength - json.length;
  return [
    bold('Arguments'),
    ...indented(argumentLines(json)),
    ...(cut > 0 ? [{ text: `  … ${cut} more characters are not shown`, look: 'yellow' } as const] : []),
    blank,
  ];
}

/** What is sent besides the arguments. */
function otherLines({ otherParameters: json }: ApprovalCard): readonly CardLine[] {
  if (json === undefined) return [];
  return [
    bold('Other parameters'),
    ...indented(argumentLines(json)),
    ...(json.length < limits.argumentsPage
      ? []
      : [{ text: '  … and more, which is not shown', look: 'yellow' } as const]),
    blank,
  ];
}

const offered = (card: ApprovalCard): readonly CardLine[] => indented(offerLines(card));
const indented = (lines: readonly string[]): readonly CardLine[] => lines.map((line) => said(`  ${line}`));

/** What differs from the last approved call of the tool. */
function differenceLines(card: ApprovalCard): readonly CardLine[] {
  const { lastApproved } = card;
  if (lastApproved === undefined) return [bold('No call of this was approved in this session before')];
  const title = bold(`Against the last approved call (${visible(lastApproved.time, 32)})`);
  if (lastApproved.cut || card.arguments.length < card.argumentsLength)
    return [title, said('  too long to be compared whole')];
  let pair: readonly [JsonValue, JsonValue];
  try {
    pair = [JSON.parse(lastApproved.arguments), JSON.parse(card.arguments)];
  } catch {
    return [title, said('  not comparable')];
  }
  const { differences, more } = argumentDifferences(...pair);
  if (differences.length > 0) {
    return [title, ...differences.flatMap(differenceText), ...(more ? [said('  … and more')] : [])];
  }
  const isSame =
    argumentLines(lastApproved.arguments).join('\n') === argumentLines(card.arguments).join('\n');
  return [title, said(isSame ? '  the same arguments' : '  the same values, written differently')];
}

function differenceText(one: ArgumentDifference): readonly CardLine[] {
  const path = shownText(one.path.map(String).join('.') || '(all)', quoted);
  const value = (json: JsonValue): string => shownText(JSON.stringify(json), quoted);
  const before = (json: JsonValue): CardLine => ({ text: `  - ${path}: ${value(json)}`, look: 'red' });
  const after = (json: JsonValue): CardLine => ({ text: `  + ${path}: ${value(json)}`, look: 'green' });
  switch (one.kind) {
    case 'added':
      return [after(one.after)];
    case 'removed':
      return [before(one.before)];
    case 'changed':
      return [before(one.before), after(one.after)];
  }
}

/** The id of a question, how long it waits yet, and its card: in a terminal as many rows as it takes there. */
export const questionLines = (card: ApprovalCard, look: CardLook): readonly string[] => [
  `${look.style.bold(card.approval)}  ${leftText(card)}`,
  '',
  ...cardLines(card, look),
];

/** How long the question waits yet, `agoMs` after it was read. Milliseconds. */
export function leftText({ state, holdLeftMs, openLeftMs }: PendingApproval, agoMs = 0): string {
  const left = (ms: number): string => timeText(Math.max(0, ms - agoMs));
  if (state === 'open' || holdLeftMs <= agoMs) return `open, ${left(openLeftMs)} left`;
  return `held, ${left(holdLeftMs)} left`;
}
