import { AcpError } from '@mcp-acp/shared/errors';
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { checkRules } from './check-rules.ts';
import {
  collectProblems,
  type Located,
  type LocatedEntry,
  type Place,
  type PolicyProblem,
  type Problems,
} from './located.ts';
import { type Policy, policyLimits } from './policy.ts';

export type { PolicyProblem } from './located.ts';

const maxProblems = 100;
const maxDepth = 32;

/**
 * Reads a policy strictly: YAML 1.2 (so JSON too), every key and value known, every problem with its place.
 * `file` is only named in messages.
 */
export function checkPolicy(
  text: string,
  _file: string,
):
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] } {
  const problems = collectProblems(maxProblems);
  const root = readTree(text, problems);
  const policy = root === undefined ? undefined : checkRules(root, problems);
  if (policy !== undefined && problems.list.length === 0) return { ok: true, policy };
  return { ok: false, problems: [...problems.list].sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** As {@link checkPolicy}, but throws `policy_invalid` with the first problem, its place and how many others there are. */
export function parsePolicy(text: string, file: string): Policy {
  const checked = checkPolicy(text, file);
  if (checked.ok) return checked.policy;
  const [first, ...others] = checked.problems;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new AcpError('policy_invalid', `${first?.message ?? 'The policy is not valid.'}${more}`, {
    position: { file, line: first?.line ?? 1, column: first?.column ?? 1 },
    ...(first?.fix === undefined ? {} : { fix: first.fix }),
  });
}

const emptyFix = 'Begin with "version: 1" and "rules:", or copy a template.';

function readTree(text: string, problems: Problems): Located | undefined {
  const start: Place = { line: 1, column: 1 };
  if (text.length > policyLimits.textLength) {
    problems.add(start, `The file is longer than ${policyLimits.textLength} characters.`);
    return undefined;
  }
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: lines,
      keepSourceTokens: false,
    });
    for (const problem of [...document.errors, ...document.warnings]) {
      problems.add(place(problem.pos[0]), yamlMessage(problem.code, problem.message), yamlFix[problem.code]);
    }
    if (document.errors.length > 0) return undefined;
    if (document.contents === null) {
      problems.add(start, 'The policy is empty.', emptyFix);
      return undefined;
    }
    return convert(document.contents, { place, problems, fallback: start, depth: 0 });
  } catch (error) {
    // The reader recurses, so a hostile file can exhaust the stack; anything else is a fault of ours.
    if (!(error instanceof RangeError)) throw error;
    problems.add(start, 'The file nests too deeply.');
    return undefined;
  }
}

const yamlFix: Readonly<Record<string, string | undefined>> = {
  MULTIPLE_DOCS: 'Keep one document: remove the line "---" and what follows it.',
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_INDENT: 'Indent the lines of one list or map alike, with spaces.',
  BAD_ALIAS: 'Put the pattern in quotes: one that starts with "*" or "&" is YAML syntax.',
};

function yamlMessage(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'The file holds more than one YAML document.';
  return `Not valid YAML: ${message.split('\n', 1)[0] ?? message}`;
}

interface Reading {
  readonly place: (offset: number) => Place;
  readonly problems: Problems;
  readonly fallback: Place;
  readonly depth: number;
}

function convert(node: unknown, reading: Reading): Located | undefined {
  const { problems, place } = reading;
  const range = (node as Node | null | undefined)?.range;
  const at = range === null || range === undefined ? reading.fallback : place(range[0]);
  if (reading.depth > maxDepth) {
    problems.add(at, 'The file nests too deeply.');
    return undefined;
  }
  if (node === null || node === undefined) return { kind: 'scalar', at, value: null };
  if (isAlias(node)) {
    problems.add(at, `"*${node.source}" is a YAML alias, which a policy cannot use.`, quoteFix);
    return undefined;
  }
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) {
    problems.add(at, 'This is not a value a policy can hold.');
    return undefined;
  }
  if (node.anchor !== undefined) {
    problems.add(at, `"&${node.anchor}" is a YAML anchor, which a policy cannot use.`, quoteFix);
  }
  if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:')) {
    problems.add(at, 'A policy cannot use YAML tags.', 'Put a text that starts with "!" in quotes.');
  }
  const inside: Reading = { ...reading, depth: reading.depth + 1, fallback: at };
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(item, inside)).filter((item) => item !== undefined);
    return { kind: 'list', at, items };
  }
  if (isMap(node)) {
    const entries = readEntries(node.items, inside);
    return { kind: 'map', at, entries, damaged: entries.length < node.items.length };
  }
  const { value } = node;
  const known =
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (!known) {
    problems.add(at, 'This is not a value a policy can hold.', 'Put it in quotes.');
    return undefined;
  }
  return { kind: 'scalar', at, value };
}

const quoteFix = 'Write it out, or put a pattern that starts with "*" or "&" in quotes.';

function readEntries(
  pairs: readonly { readonly key: unknown; readonly value: unknown }[],
  inside: Reading,
): readonly LocatedEntry[] {
  const { problems } = inside;
  const entries: LocatedEntry[] = [];
  const first = new Map<string, Place>();
  for (const pair of pairs) {
    const key = convert(pair.key, inside);
    if (key === undefined) continue;
    if (key.kind !== 'scalar') {
      problems.add(key.at, 'A key must be a plain name.');
      continue;
    }
    const name = String(key.value);
    const before = first.get(name);
    if (before !== undefined) {
      problems.add(
        key.at,
        `The key "${name}" stands here a second time (first on line ${before.line}).`,
        'Keep one of the two; for several values write a list.',
      );
      continue;
    }
    first.set(name, key.at);
    const value = convert(pair.value, { ...inside, fallback: key.at });
    if (value !== undefined) entries.push({ key: name, keyAt: key.at, value });
  }
  return entries;
}
