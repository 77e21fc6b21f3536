import * as fs from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '@mcp-acp/shared/errors';
import type { JournalRecord } from '@mcp-acp/shared/journal-record';
import { parseRecord } from './parse-record.ts';
import { type Line, linesBackward, linesForward, openForReading } from './read-lines.ts';
import { parseStreamFileName, streamFileName } from './record-hash.ts';

/** A line that is no record. Reading goes on behind it; `audit verify` tells what it means. */
export interface DamagedLine {
  readonly stream: string;
  readonly offset: number;
  readonly why: string;
}

export interface ReadOptions {
  /** Bounds on a record's time, both inclusive, in milliseconds since the Unix epoch. */
  readonly since?: number;
  readonly until?: number;
  readonly newestFirst?: boolean;
  readonly onDamage?: (damage: DamagedLine) => void;
}

/** Ids of the streams in a folder, in no meaningful order; none where the folder does not exist. */
export function listStreams(auditDir: string): string[] {
  try {
    return fs
      .readdirSync(auditDir)
      .map((name) => parseStreamFileName(name)?.streamId)
      .filter((streamId) => streamId !== undefined);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

const timeOf = (record: JournalRecord): number => Date.parse(record.time);

interface Part {
  readonly stream: string;
  /** Reading ends here: what is added meanwhile is not part of this reading. */
  readonly size: number;
}

/** The records of one stream in order, or in reverse. Opens the file with the first one asked for. */
function* recordsOf(
  auditDir: string,
  { stream, size }: Part,
  options: ReadOptions,
): Generator<JournalRecord> {
  const damaged = (offset: number, why: string): void => options.onDamage?.({ stream, offset, why });
  let fd: number;
  try {
    fd = openForReading(join(auditDir, streamFileName(stream)));
  } catch (error) {
    damaged(0, error instanceof Error ? error.message : String(error));
    return;
  }
  try {
    const lines: Generator<Line> = options.newestFirst ? linesBackward(fd, size) : linesForward(fd, 0);
    for (const { offset, text } of lines) {
      if (offset >= size) return;
      const record = text === undefined ? { why: 'it is too long' } : parseRecord(text);
      if ('why' in record) damaged(offset, record.why);
      else yield record;
    }
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * One stream in a merge. Its first record is read when the merge begins and the file is closed again, so that a proxy
 * started ten thousand times needs no ten thousand open files; it is opened again when its turn has come.
 */
interface Source {
  readonly records: () => Generator<JournalRecord>;
  head: JournalRecord;
  rest?: Generator<JournalRecord>;
}

/** Records merged so far between two turns of the event loop. */
const perTurn = 512;

/**
 * The records of all streams of a proxy, merged by time; within a stream their order is kept, even where the clock went
 * backwards. Memory does not grow with the journal. Damaged lines are reported and left out, nothing is thrown for
 * them. Throws system errors where the folder cannot be read.
 */
export async function* readRecords(
  auditDir: string,
  options: ReadOptions = {},
): AsyncGenerator<JournalRecord> {
  const sign = options.newestFirst ? -1 : 1;
  const before = (a: Source, b: Source): boolean => sign * (timeOf(a.head) - timeOf(b.head)) < 0;
  const heap = createHeap(before);
  for (const stream of listStreams(auditDir)) {
    const part = partOf(auditDir, stream, options);
    if (part === undefined) continue;
    const quiet = { ...options, onDamage: () => undefined };
    const first = recordsOf(auditDir, part, quiet);
    const head = first.next();
    first.return(undefined);
    const records = (): Generator<JournalRecord> => recordsOf(auditDir, part, options);
    if (!head.done) heap.push({ records, head: head.value });
    else for (const _ of records());
  }
  let merged = 0;
  try {
    for (let source = heap.pop(); source !== undefined; source = heap.pop()) {
      const record = source.head;
      if (source.rest === undefined) {
        source.rest = source.records();
        source.rest.next();
      }
      const time = timeOf(record);
      const next = source.rest.next();
      if (!next.done) {
        source.head = next.value;
        heap.push(source);
      }
      if (++merged % perTurn === 0) await new Promise((resolve) => setImmediate(resolve));
      if (options.newestFirst && options.since !== undefined && time < options.since) return;
      if (!options.newestFirst && options.until !== undefined && time > options.until) return;
      if (
        time >= (options.since ?? Number.NEGATIVE_INFINITY) &&
        time <= (options.until ?? Number.POSITIVE_INFINITY)
      ) {
        yield record;
      }
    }
  } finally {
    for (const source of heap.all()) source.rest?.return(undefined);
  }
}

/** The clock and a file's time may differ by this. */
const mtimeToleranceMs = 60_000;

/** A stream whose file was last written before `since` holds nothing that was asked for. */
function partOf(auditDir: string, stream: string, { since }: ReadOptions): Part | undefined {
  const stat = fs.lstatSync(join(auditDir, streamFileName(stream)), { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (since !== undefined && stat.isFile() && stat.mtimeMs + mtimeToleranceMs < since) return undefined;
  return { stream, size: stat.size };
}

/** A binary heap; `before` says which of two comes out first. */
function createHeap<Item>(before: (a: Item, b: Item) => boolean) {
  const items: Item[] = [];
  const at = (index: number): Item => items[index] as Item;
  const swap = (a: number, b: number): void => {
    const held = at(a);
    items[a] = at(b);
    items[b] = held;
  };
  return {
    all: (): readonly Item[] => items,
    push: (item: Item): void => {
      items.push(item);
      for (let index = items.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1;
        if (!before(at(index), at(parent))) return;
        swap(index, parent);
        index = parent;
      }
    },
    pop: (): Item | undefined => {
      if (items.length <= 1) return items.pop();
      swap(0, items.length - 1);
      const top = items.pop();
      for (let index = 0; ; ) {
        const left = 2 * index + 1;
        const right = left + 1;
        if (left >= items.length) return top;
        const child = right < items.length && before(at(right), at(left)) ? right : left;
        if (!before(at(child), at(index))) return top;
        swap(index, child);
        index = child;
      }
    },
  };
}
