import type { ArgumentDifference, ArgumentPath } from '@mcp-acp/shared/argument-difference';
import { argumentDifferences } from '@mcp-acp/shared/argument-difference';
import type { JsonValue } from '@mcp-acp/shared/json';
import { comparableOf, type Outline, type OutlineNode, textOfComparable } from './json-outline.ts';
import { changedPart, chunksOf, excerptOf, isLong, type TextPart } from './long-text.ts';

/** What a line of the arguments shows. */
export type RowContent =
  | { readonly kind: 'open'; readonly bracket: '{' | '['; readonly size: number }
  | { readonly kind: 'empty'; readonly text: '{}' | '[]' }
  /** All of a text, or a part of it with what stands around that part. */
  | { readonly kind: 'text'; readonly text: string; readonly part: TextPart; readonly changed?: TextPart }
  | { readonly kind: 'word'; readonly text: string }
  /** What stood there in the call that was approved last. */
  | { readonly kind: 'removed'; readonly text: string };

export interface ArgumentRow {
  /** Tells rows apart. */
  readonly key: string;
  readonly depth: number;
  /** The member's name or the place in a list, where it fits on the line. */
  readonly name?: string;
  readonly content: RowContent;
  readonly change?: 'added' | 'changed' | 'removed';
  /** What stood there before, where it was another value: of a text the part that is not there any more. */
  readonly before?: { readonly text: string; readonly part: TextPart };
  /** A long text that is closed, by the key it is opened with. */
  readonly closed?: string;
  /** Long, and open: may be closed by that key. */
  readonly opened?: string;
}

export interface ComparedArguments {
  readonly outline: Outline;
  readonly differences: ReadonlyMap<string, ArgumentDifference>;
  readonly removed: ReadonlyMap<string, readonly ArgumentDifference[]>;
  readonly count: number;
  readonly more: boolean;
}

const longName = 80;
const keyOf = (path: ArgumentPath): string => JSON.stringify(path);

/** The arguments with what differs from those that were approved last; without those nothing differs. */
export function compareArguments(outline: Outline, before: Outline | undefined): ComparedArguments {
  const differences = new Map<string, ArgumentDifference>();
  const removed = new Map<string, ArgumentDifference[]>();
  if (before === undefined) return { outline, differences, removed, count: 0, more: false };
  const found = argumentDifferences(comparableOf(before.root), comparableOf(outline.root));
  for (const difference of found.differences) {
    if (difference.kind !== 'removed') differences.set(keyOf(difference.path), difference);
    else {
      const parent = keyOf(difference.path.slice(0, -1));
      removed.set(parent, [...(removed.get(parent) ?? []), difference]);
    }
  }
  return { outline, differences, removed, count: found.differences.length, more: found.more };
}

/** All lines of the arguments. `isOpen` says which long texts are shown whole; every other shows a part and its length. */
export function rowsOf(
  { outline, differences, removed }: ComparedArguments,
  isOpen: (key: string) => boolean,
): readonly ArgumentRow[] {
  const rows: ArgumentRow[] = [];
  const { root } = outline;
  // What a tool is called with is one object, whose braces say nothing.
  if (root.kind === 'object' && root.members.length > 0 && !differences.has(keyOf([])))
    addMembers(root, [], 0);
  else addNode({ node: root, path: [], depth: 0, name: undefined });
  return rows;

  function addMembers(node: OutlineNode, path: ArgumentPath, depth: number): void {
    if (node.kind === 'object') {
      for (const { name, node: member } of node.members) {
        addNode({ node: member, path: [...path, name], depth, name });
      }
    } else if (node.kind === 'list') {
      node.items.forEach((item, index) => {
        addNode({ node: item, path: [...path, index], depth, name: String(index) });
      });
    }
    for (const difference of removed.get(keyOf(path)) ?? []) {
      if (difference.kind !== 'removed') continue;
      const name = String(difference.path.at(-1));
      const row = { key: `removed ${keyOf(difference.path)}`, depth, change: 'removed' } as const;
      const text = textOfComparable(difference.before);
      rows.push(
        name.length > longName
          ? { ...row, content: { kind: 'removed', text: `${name}: ${text}` } }
          : { ...row, name, content: { kind: 'removed', text } },
      );
    }
  }

  function addNode(place: {
    node: OutlineNode;
    path: ArgumentPath;
    depth: number;
    name: string | undefined;
  }): void {
    const { node, path, depth } = place;
    const key = keyOf(path);
    const difference = differences.get(key);
    let name = place.name;
    if (name !== undefined && name.length > longName) {
      addText({ key: `name ${key}`, depth, text: name, name: 'name' });
      name = 'value of the name above';
    }
    const shared = {
      key,
      depth,
      ...(name === undefined ? {} : { name }),
      ...(difference === undefined ? {} : { change: difference.kind }),
      ...(difference?.kind === 'changed' ? { before: beforeOf(difference.before, node) } : {}),
    };
    if (node.kind === 'text') {
      const was = difference?.kind === 'changed' ? difference.before : undefined;
      addText({
        ...shared,
        text: node.text,
        ...(typeof was === 'string' && was.startsWith('t')
          ? { changed: changedPart(was.slice(1), node.text) }
          : {}),
      });
    } else if (node.kind === 'number' || node.kind === 'word') {
      rows.push({ ...shared, content: { kind: 'word', text: node.source } });
    } else {
      const size = node.kind === 'object' ? node.members.length : node.items.length;
      const isList = node.kind === 'list';
      if (size === 0) rows.push({ ...shared, content: { kind: 'empty', text: isList ? '[]' : '{}' } });
      else rows.push({ ...shared, content: { kind: 'open', bracket: isList ? '[' : '{', size } });
      addMembers(node, path, depth + 1);
    }
  }

  function addText(row: Omit<ArgumentRow, 'content'> & { text: string; changed?: TextPart }): void {
    const { text, changed, ...shared } = row;
    const more = changed === undefined ? {} : { changed };
    if (!isLong(text)) {
      rows.push({
        ...shared,
        content: { kind: 'text', text, part: { start: 0, end: text.length }, ...more },
      });
    } else if (!isOpen(row.key)) {
      const part = excerptOf(text, changed);
      rows.push({ ...shared, closed: row.key, content: { kind: 'text', text, part, ...more } });
    } else {
      chunksOf(text).forEach((part, index) => {
        const content = { kind: 'text', text, part, ...more } as const;
        rows.push(
          index === 0
            ? { ...shared, opened: row.key, content }
            : {
                key: `${row.key} ${part.start}`,
                depth: row.depth,
                content,
                ...(row.change === undefined ? {} : { change: row.change }),
              },
        );
      });
    }
  }
}

const mostBefore = 400;
const aroundBefore = 40;

function beforeOf(before: JsonValue, node: OutlineNode): { text: string; part: TextPart } {
  if (node.kind !== 'text' || typeof before !== 'string' || !before.startsWith('t')) {
    const text = textOfComparable(before);
    return { text, part: { start: 0, end: Math.min(text.length, mostBefore) } };
  }
  const text = before.slice(1);
  const gone = changedPart(node.text, text);
  const start = gone.start < 2 * aroundBefore ? 0 : gone.start - aroundBefore;
  const end = Math.min(text.length, gone.end + aroundBefore, start + mostBefore);
  return { text, part: { start, end } };
}

/** Keys of all long texts that are closed, by which they are opened at once. */
export const closedIn = (rows: readonly ArgumentRow[]): readonly string[] =>
  rows.flatMap(({ closed }) => (closed === undefined ? [] : [closed]));
