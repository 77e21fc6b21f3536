import type { JsonValue } from '@mcp-acp/shared/json';
import { Document, isMap, isSeq, type Node, parseDocument, type YAMLSeq } from 'yaml';

/** A rule to be written: its members in the order in which they shall stand. */
export interface RuleToWrite {
  readonly [member: string]: JsonValue;
}

/** The rule as an item of a list, `indent` before each line, ending with a newline. */
export function ruleText(rule: RuleToWrite, indent: string): string {
  return itemText(rule, { indent, flow: false });
}

/** The same on one line, in braces. */
export function flowRuleText(rule: RuleToWrite, indent: string): string {
  return itemText(rule, { indent, flow: true });
}

function itemText(rule: RuleToWrite, { indent, flow }: { indent: string; flow: boolean }): string {
  const document = new Document([rule]);
  const item = document.getIn([0], true);
  if (flow && isMap(item)) item.flow = true;
  const padded = flow || layOut(document, [0]);
  return document.toString({ lineWidth: 0, flowCollectionPadding: padded }).replace(/^(?=.)/gm, indent);
}

/** One member of a rule as `key: value`, its further lines indented, without a newline at its end. */
export function memberText(name: string, value: JsonValue, indent: string): string {
  const document = new Document({ [name]: value });
  const padded = layOut(document, []);
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: padded });
  return text.replace(/\n$/, '').replace(/\n(?=.)/g, `\n${indent}`);
}

/** On one line, as in the templates, unless it holds lists: these would be padded as well. True where it is short. */
function layOut(document: Document, at: readonly (string | number)[]): boolean {
  const when = document.getIn([...at, 'when'], true);
  const short = !isMap(when) || !when.items.some(({ value }) => isMap(value) || isSeq(value));
  for (const key of ['when', 'grant', 'ask']) {
    const node = document.getIn([...at, key], true);
    if (isMap(node)) node.flow = short || key !== 'when';
  }
  if (isMap(when) && !short) for (const { value } of when.items) if (isSeq(value)) value.flow = true;
  return short;
}

/** A comment as it stands in a text. */
export interface Comment {
  readonly offset: number;
  /** From its `#` on. */
  readonly text: string;
}

/** Every comment of a text, in order; none of a text that cannot be read. */
export function commentsOf(text: string): readonly Comment[] {
  const document = parseDocument(text, { keepSourceTokens: true });
  const found = new Map<number, string>();
  const seen = new Set<unknown>();
  const open: unknown[] = [(document.contents as Node | null)?.srcToken];
  for (let token = open.pop(); open.length > 0 || token !== undefined; token = open.pop()) {
    if (typeof token !== 'object' || token === null || seen.has(token)) continue;
    seen.add(token);
    const { type, offset, source } = token as { type?: unknown; offset?: unknown; source?: unknown };
    if (type === 'comment' && typeof offset === 'number' && typeof source === 'string') {
      found.set(offset, source);
    }
    for (const part of Object.values(token)) if (typeof part === 'object' && part !== null) open.push(part);
  }
  const inside = [...found].map(([offset, source]) => ({ offset, text: source }));
  // Those before and behind all content are the document's own, which keeps no place of them.
  const around = [document.commentBefore, document.comment].flatMap((block, index) =>
    (block?.split('\n') ?? []).map((line) => ({ offset: index === 0 ? -1 : text.length, text: `#${line}` })),
  );
  return [...inside, ...around].sort((a, b) => a.offset - b.offset);
}

/** Where the list's items have their dash: the white space before it; undefined where they are written otherwise. */
export function dashIndent(text: string, rules: YAMLSeq): string | undefined {
  const [first] = rules.items as (Node | null)[];
  if (rules.flow || first?.range == null) return undefined;
  const dash = text.slice(0, first.range[0]).lastIndexOf('-');
  const indent = text.slice(text.lastIndexOf('\n', dash) + 1, dash);
  return dash < 0 || indent.trim() !== '' ? undefined : indent;
}
