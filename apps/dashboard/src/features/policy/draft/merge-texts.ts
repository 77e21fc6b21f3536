import { diff } from '@codemirror/merge';

export interface MergedText {
  readonly text: string;
  /** Places where both sides changed the same lines differently; mine stand there. */
  readonly conflicts: number;
}

interface LineChange {
  readonly side: 'mine' | 'theirs';
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** Codes below the surrogates, which a comparison by characters could take for halves of one. */
const mostDifferentLines = 0xd000;

/**
 * What was changed from `base` to `mine`, applied to `theirs`, line by line. Where both changed the same lines, mine
 * stand and are counted: whoever saves looks at the differences first.
 */
export function mergeTexts(base: string, mine: string, theirs: string): MergedText {
  if (mine === base || mine === theirs) return { text: theirs, conflicts: 0 };
  if (theirs === base) return { text: mine, conflicts: 0 };
  const [baseLines, myLines, theirLines] = [linesOf(base), linesOf(mine), linesOf(theirs)];
  if (new Set([...baseLines, ...myLines, ...theirLines]).size >= mostDifferentLines) {
    return { text: mine, conflicts: 1 };
  }
  const known = new Map<string, string>();
  const changes = [
    ...changesOf(baseLines, myLines, known).map((change) => ({ ...change, side: 'mine' as const })),
    ...changesOf(baseLines, theirLines, known).map((change) => ({ ...change, side: 'theirs' as const })),
  ].sort((a, b) => a.from - b.from || a.to - b.to);
  const merged: string[] = [];
  let at = 0;
  let conflicts = 0;
  for (const group of groupsOf(changes)) {
    merged.push(...baseLines.slice(at, group.from));
    at = group.to;
    const ours = applied(baseLines, group, 'mine');
    const others = applied(baseLines, group, 'theirs');
    const sides = new Set(group.changes.map(({ side }) => side));
    const differ = sides.size === 2 && ours.join('') !== others.join('');
    if (differ && group.from === group.to) {
      // Both only added something there, such as a rule at the end: there is room for both.
      merged.push(...others, ...ours);
      continue;
    }
    if (differ) conflicts += 1;
    merged.push(...(sides.has('mine') ? ours : others));
  }
  merged.push(...baseLines.slice(at));
  return { text: merged.join(''), conflicts };
}

interface Group {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly LineChange[];
}

/** Changes that overlap, or begin at the same line, belong together. */
function groupsOf(sorted: readonly LineChange[]): readonly Group[] {
  const groups: Group[] = [];
  for (const change of sorted) {
    const last = groups.at(-1);
    if (last !== undefined && (change.from < last.to || change.from === last.from)) {
      groups[groups.length - 1] = {
        from: last.from,
        to: Math.max(last.to, change.to),
        changes: [...last.changes, change],
      };
    } else {
      groups.push({ from: change.from, to: change.to, changes: [change] });
    }
  }
  return groups;
}

/** The lines of the group's range as one side has them. */
function applied(base: readonly string[], group: Group, side: LineChange['side']): readonly string[] {
  const lines: string[] = [];
  let at = group.from;
  for (const change of group.changes) {
    if (change.side !== side) continue;
    lines.push(...base.slice(at, change.from), ...change.lines);
    at = change.to;
  }
  return [...lines, ...base.slice(at, group.to)];
}

/** Each with its line break, so that joining them gives the text; what has none at its end gets one. */
const linesOf = (text: string): readonly string[] =>
  (text === '' || text.endsWith('\n') ? text : `${text}\n`).match(/[^\n]*\n/g) ?? [];

/** Every different line stands for one character, so that the editor's own comparison works on lines. */
function changesOf(
  before: readonly string[],
  after: readonly string[],
  known: Map<string, string>,
): readonly Omit<LineChange, 'side'>[] {
  const coded = (lines: readonly string[]): string =>
    lines
      .map((line) => {
        const code = known.get(line) ?? String.fromCharCode(known.size + 1);
        known.set(line, code);
        return code;
      })
      .join('');
  return diff(coded(before), coded(after), { scanLimit: 2_000 }).map(({ fromA, toA, fromB, toB }) => ({
    from: fromA,
    to: toA,
    lines: after.slice(fromB, toB),
  }));
}
