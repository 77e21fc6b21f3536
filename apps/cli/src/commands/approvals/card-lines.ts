import { approvalFacts, argumentLines, timeText } from '@mcp-acp/admin/approval-facts';
import { type ArgumentDifference, argumentDifferences } from '@mcp-acp/shared/argument-difference';
import type { JsonValue } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';
import type { ApprovalCard, PendingApproval } from '@mcp-acp/shared/live/approval';
import { visible } from '@mcp-acp/shared/visible';
import type { Style } from '../../output/style.ts';
import { offerLines } from './answer-text.ts';

/** How much of two values that differ is quoted; all of the new one is among the arguments. */
const quoted = 400;

/** A card as a person reads it: what is asked for, all of its arguments, what is new in them. */
export function cardLines(
  card: ApprovalCard,
  style: Style,
  { withOffers = true }: { readonly withOffers?: boolean } = {},
): readonly string[] {
  const facts = approvalFacts(card);
  const width = Math.max(...facts.map(({ label }) => label.length));
  const cut = card.argumentsLength - card.arguments.length;
  return [
    ...facts.map(({ label, text }) => `${style.dim(label.padEnd(width))}  ${text}`),
    '',
    style.bold('Arguments'),
    ...argumentLines(card.arguments).map((line) => `  ${line}`),
    ...(cut > 0 ? [style.yellow(`  … ${cut} more characters are not shown`)] : []),
    '',
    ...otherLines(card, style),
    ...differenceLines(card, style),
    ...(withOffers
      ? ['', style.bold('A yes is good for'), '  this call', ...offerLines(card).map((line) => `  ${line}`)]
      : []),
  ];
}

/** What is sent besides the arguments. */
function otherLines({ otherParameters: json }: ApprovalCard, style: Style): readonly string[] {
  if (json === undefined) return [];
  return [
    style.bold('Other parameters'),
    ...argumentLines(json).map((line) => `  ${line}`),
    ...(json.length < limits.argumentsPage ? [] : [style.yellow('  … and more, which is not shown')]),
    '',
  ];
}

/** What differs from the last approved call of the tool. */
function differenceLines(card: ApprovalCard, style: Style): readonly string[] {
  const { lastApproved } = card;
  if (lastApproved === undefined) {
    return [style.bold('No call of this was approved in this session before')];
  }
  const title = style.bold(`Against the last approved call (${visible(lastApproved.time, 32)})`);
  if (lastApproved.cut || card.arguments.length < card.argumentsLength)
    return [title, '  too long to be compared whole'];
  let pair: readonly [JsonValue, JsonValue];
  try {
    pair = [JSON.parse(lastApproved.arguments), JSON.parse(card.arguments)];
  } catch {
    return [title, '  not comparable'];
  }
  const { differences, more } = argumentDifferences(...pair);
  if (differences.length > 0) {
    return [
      title,
      ...differences.flatMap((one) => differenceText(one, style)),
      ...(more ? ['  … and more'] : []),
    ];
  }
  const isSame =
    argumentLines(lastApproved.arguments).join('\n') === argumentLines(card.arguments).join('\n');
  return [title, isSame ? '  the same arguments' : '  the same values, written differently'];
}

function differenceText(one: ArgumentDifference, style: Style): readonly string[] {
  const path = visible(one.path.map(String).join('.') || '(all)', quoted);
  const value = (json: JsonValue): string => visible(JSON.stringify(json), quoted);
  switch (one.kind) {
    case 'added':
      return [style.green(`  + ${path}: ${value(one.after)}`)];
    case 'removed':
      return [style.red(`  - ${path}: ${value(one.before)}`)];
    case 'changed':
      return [
        style.red(`  - ${path}: ${value(one.before)}`),
        style.green(`  + ${path}: ${value(one.after)}`),
      ];
  }
}

/** How long the question waits yet, `agoMs` after it was read. Milliseconds. */
export function leftText({ state, holdLeftMs, openLeftMs }: PendingApproval, agoMs = 0): string {
  const left = (ms: number): string => timeText(Math.max(0, ms - agoMs));
  if (state === 'open' || holdLeftMs <= agoMs) return `open, ${left(openLeftMs)} left`;
  return `held, ${left(holdLeftMs)} left`;
}
