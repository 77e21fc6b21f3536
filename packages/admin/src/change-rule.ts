import { AcpError } from '@mcp-acp/shared/errors';
import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { addRule, type NewRule, ruleIdProblem, rulesOf } from './add-rule.ts';
import { type Comment, commentsOf, dashIndent, flowRuleText, memberText, ruleText } from './rule-text.ts';

/** A change of one rule. `rule` is what shall stand in the list: id, effect, when, …. */
export type RuleEdit =
  | { readonly kind: 'add'; readonly rule: JsonObject }
  | { readonly kind: 'replace'; readonly id: string; readonly rule: JsonObject }
  | { readonly kind: 'remove'; readonly id: string };

/**
 * A policy's text with one rule added, replaced or removed. Where the list has one rule below the other, every byte
 * outside the rule stays as it is, and of the rule what does not change; every comment stays. Where it is written in
 * brackets it is laid out anew. The rule is not checked here. Throws AcpError: 'policy_invalid' where the text cannot be
 * changed, 'usage' where there is no such rule, or there is one of the new id already.
 */
export function changeRule(text: string, edit: RuleEdit): string {
  if (edit.kind === 'add') {
    const { id } = edit.rule;
    refuseTaken(text, id);
    return addRule(text, edit.rule as NewRule);
  }
  const document = parseDocument(text);
  const rules = document.errors.length === 0 && isMap(document.contents) ? document.get('rules') : undefined;
  if (!isSeq(rules)) {
    throw new AcpError('policy_invalid', 'The policy must be valid before a rule can be changed.', {
      fix: 'Run: mcp-acp policy check',
    });
  }
  const before = rulesOf(text);
  const index = before.findIndex((rule) => isJsonObject(rule) && rule.id === edit.id);
  if (index < 0) throw new AcpError('usage', `There is no rule with the id "${edit.id}".`);
  if (edit.kind === 'replace' && edit.rule.id !== edit.id) refuseTaken(text, edit.rule.id);
  const wanted = canonicalJson(
    edit.kind === 'replace' ? before.with(index, edit.rule) : before.toSpliced(index, 1),
  );
  const comments = commentsOf(text);
  const place = { text, rules, index, comments };
  // Editing text is exact where it works; that it worked is seen by reading the result.
  const drafts =
    edit.kind === 'replace'
      ? [() => editMembers(place, edit.rule), () => writeAnew(place, edit.rule)]
      : [() => cutOut(place)];
  for (const draft of drafts) {
    const changed = draft();
    if (changed !== undefined && isAsWanted(changed, wanted, comments)) return changed;
  }
  return laidOutAnew(document, place, edit.kind === 'replace' ? edit.rule : undefined);
}

function refuseTaken(text: string, id: JsonValue | undefined): void {
  if (typeof id !== 'string') throw new AcpError('usage', 'A rule needs an id.');
  const taken = ruleIdProblem(text, id);
  if (taken !== undefined) throw new AcpError('usage', taken, { fix: 'Give each rule its own id.' });
}

interface Place {
  readonly text: string;
  readonly rules: YAMLSeq;
  readonly index: number;
  readonly comments: readonly Comment[];
}

function isAsWanted(text: string, wanted: string, comments: readonly Comment[]): boolean {
  if (parseDocument(text).errors.length > 0 || canonicalJson(rulesOf(text)) !== wanted) return false;
  const left = commentsOf(text).map((comment) => comment.text);
  return comments.every((comment) => {
    const at = left.findIndex((one) => one.includes(comment.text));
    if (at < 0) return false;
    left[at] = (left[at] as string).replace(comment.text, '');
    return true;
  });
}

const rangeOf = (node: unknown): readonly [number, number] | undefined =>
  isNode(node) && node.range != null ? [node.range[0], node.range[1]] : undefined;

const within = (comments: readonly Comment[], from: number, to: number): readonly string[] =>
  comments.filter(({ offset }) => offset >= from && offset < to).map(({ text }) => text);

interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Changes the members that differ and no others; undefined where the rule is written in braces. */
function editMembers({ text, rules, index, comments }: Place, rule: JsonObject): string | undefined {
  const item = rules.items[index];
  const dash = dashIndent(text, rules);
  if (!isMap(item) || item.flow === true || item.range == null || dash === undefined) return undefined;
  const indent = ' '.repeat(item.range[0] - (text.lastIndexOf('\n', item.range[0] - 1) + 1));
  const splices: Splice[] = [];
  const kept = new Set<string>();
  let end = item.range[0];
  for (const [place, member] of membersOf(item).entries()) {
    if (member === undefined) return undefined;
    const { name, from, to, value } = member;
    const wanted = rule[name];
    kept.add(name);
    end = Math.max(end, to);
    if (wanted !== undefined && canonicalJson(value) === canonicalJson(wanted)) continue;
    // The first one stands behind the dash.
    if (wanted === undefined && place === 0) return undefined;
    const tail = text[to - 1] === '\n' ? '\n' : '';
    const inner = within(comments, from, to).map((comment) => `${indent}${comment}`);
    if (wanted !== undefined) {
      const lines = [memberText(name, wanted, indent), ...inner];
      splices.push({ from, to, text: `${lines.join('\n')}${tail}` });
      continue;
    }
    const lineStart = text.lastIndexOf('\n', from) + 1;
    const rest = tail === '' ? /^[ \t]*\n/.exec(text.slice(to))?.[0] : undefined;
    const lines = inner.length === 0 ? '' : `${inner.join('\n')}\n`;
    if (tail !== '' || rest !== undefined)
      splices.push({ from: lineStart, to: to + (rest?.length ?? 0), text: lines });
    else splices.push({ from: lineStart, to, text: `${lines}${indent}` });
  }
  const added = Object.keys(rule).filter((name) => !kept.has(name));
  if (added.length > 0) {
    const lines = added.map((name) => `${indent}${memberText(name, rule[name] ?? null, indent)}`);
    const newline = text[end - 1] === '\n' ? end - 1 : text.indexOf('\n', end);
    const at = newline < 0 ? text.length : newline;
    splices.push({ from: at, to: at, text: `\n${lines.join('\n')}` });
  }
  return spliced(text, splices);
}

function membersOf(item: YAMLMap) {
  return item.items.map(({ key, value }) => {
    const start = rangeOf(key);
    const range = rangeOf(value);
    if (!isScalar(key) || start === undefined || range === undefined) return undefined;
    return {
      name: String(key.value),
      from: start[0],
      to: range[1],
      value: (value as Node).toJSON() as JsonValue,
    };
  });
}

function spliced(text: string, splices: readonly Splice[]): string {
  let result = text;
  for (const splice of [...splices].sort((a, b) => b.from - a.from || b.to - a.to)) {
    result = result.slice(0, splice.from) + splice.text + result.slice(splice.to);
  }
  return result;
}

/** The lines of a rule, from its dash to the end of its last line, and the comments in them. */
function linesOf({ text, rules, index, comments }: Place) {
  const item = rules.items[index];
  const range = rangeOf(item);
  const indent = dashIndent(text, rules);
  if (range === undefined || indent === undefined) return undefined;
  const dash = text.slice(0, range[0]).lastIndexOf('-');
  const from = text.lastIndexOf('\n', dash) + 1;
  const newline = text[range[1] - 1] === '\n' ? range[1] - 1 : text.indexOf('\n', range[1]);
  const to = newline < 0 ? text.length : newline + 1;
  return { item, indent, from, to, comments: within(comments, from, to).map((line) => `${indent}${line}\n`) };
}

/** The whole rule in its place, comments that stood inside above it. */
function writeAnew(place: Place, rule: JsonObject): string | undefined {
  const lines = linesOf(place);
  if (lines === undefined) return undefined;
  const { item, indent, from, to, comments } = lines;
  const written = isMap(item) && item.flow === true ? flowRuleText(rule, indent) : ruleText(rule, indent);
  return spliced(place.text, [{ from, to, text: `${comments.join('')}${written}` }]);
}

/** The text without the rule's lines; comments that stood inside stay in their place. */
function cutOut(place: Place): string | undefined {
  const lines = linesOf(place);
  if (lines === undefined) return undefined;
  const splices: Splice[] = [{ from: lines.from, to: lines.to, text: lines.comments.join('') }];
  if (place.rules.items.length === 1) {
    // A list without items would be no list.
    const key = /(?:^|\n)(["']?)rules\1[ \t]*:/.exec(place.text);
    if (key === null) return undefined;
    const at = key.index + key[0].length;
    splices.push({ from: at, to: at, text: ' []' });
  }
  return spliced(place.text, splices);
}

function laidOutAnew(document: Document, place: Place, rule: JsonObject | undefined): string {
  const { rules, index } = place;
  const old = rules.items[index];
  const range = rangeOf(old) ?? [0, 0];
  const lost = within(place.comments, range[0], range[1]).map((comment) => comment.slice(1));
  const hoist = (node: Node): void => {
    const before = isNode(old) ? (old.commentBefore ?? '') : '';
    const all = [...(before === '' ? [] : [before]), ...lost];
    const own = [...all, ...(node.commentBefore == null ? [] : [node.commentBefore])];
    if (own.length > 0) node.commentBefore = own.join('\n');
  };
  if (rule !== undefined) {
    const node = document.createNode(rule);
    hoist(node);
    rules.items[index] = node;
  } else {
    rules.items.splice(index, 1);
    const next = rules.items[index];
    hoist(isNode(next) ? next : rules);
  }
  return document.toString({ lineWidth: 0 });
}
