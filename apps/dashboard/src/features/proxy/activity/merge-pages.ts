import type { HistoryRecord, RecordPage } from '../answers.ts';

/** How far the reading of one type of records is: what was read and not shown yet, and where the next page begins. */
export interface Lane {
  readonly type: string;
  readonly held: readonly HistoryRecord[];
  readonly cursor?: string;
  /** Nothing is left behind what is held. */
  readonly isOver: boolean;
}

export interface MergedPage {
  readonly records: readonly HistoryRecord[];
  /** Absent where there is nothing more. */
  readonly next?: readonly Lane[];
}

export const firstLanes = (types: readonly string[]): readonly Lane[] =>
  types.map((type) => ({ type, held: [], isOver: false }));

/**
 * One page of several types of records, newest first. The history is asked for one type at a time, so the pages of each
 * are read beside the others and woven together.
 */
export async function readMerged(
  lanes: readonly Lane[],
  read: (type: string, cursor: string | undefined) => Promise<RecordPage>,
): Promise<MergedPage> {
  const filled = await Promise.all(
    lanes.map(async (lane): Promise<Lane> => {
      if (lane.isOver || lane.held.length > 0) return lane;
      const { records, cursor } = await read(lane.type, lane.cursor);
      return {
        type: lane.type,
        held: records,
        isOver: cursor === undefined,
        ...(cursor === undefined ? {} : { cursor }),
      };
    }),
  );
  // Behind the end of a lane that goes on there may be records newer than what the others hold.
  const floor = Math.max(
    ...filled.map(({ held, isOver, cursor }) => {
      if (isOver) return Number.NEGATIVE_INFINITY;
      const last = held.at(-1);
      return last === undefined ? timeOfCursor(cursor) : Date.parse(last.time);
    }),
  );
  const records: HistoryRecord[] = [];
  const rest = filled.map((lane): Lane => {
    const end = lane.held.findIndex(({ time }) => Date.parse(time) < floor);
    const taken = end === -1 ? lane.held.length : end;
    records.push(...lane.held.slice(0, taken));
    return { ...lane, held: lane.held.slice(taken) };
  });
  records.sort(newestFirst);
  const isOver = rest.every(({ held, isOver }) => isOver && held.length === 0);
  return isOver ? { records } : { records, next: rest };
}

/** A page may be empty while the search goes on: nothing is known of what follows, so the others wait. */
const timeOfCursor = (cursor: string | undefined): number =>
  cursor === undefined ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;

export const newestFirst = (a: HistoryRecord, b: HistoryRecord): number =>
  Date.parse(b.time) - Date.parse(a.time) ||
  (a.instance === b.instance ? b.seq - a.seq : a.instance < b.instance ? -1 : 1);
