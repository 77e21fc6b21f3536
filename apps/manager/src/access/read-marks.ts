/** Which incidents a person has seen. `until` is in milliseconds since the epoch. */
export interface StoredMarks {
  readonly until: number;
  readonly ids: readonly string[];
}

export interface ReadMarks {
  now(): StoredMarks;
  /** All up to this time have been seen. */
  seenUntil(time: number): void;
  /**
   * These have been seen. `shorter` is asked for the same marks with fewer ids when there are many; where there are still too
   * many, those marked longest ago count as not seen again.
   */
  seen(ids: readonly string[], shorter: (marks: StoredMarks) => StoredMarks): void;
}

export const mostMarks = 500;
export const noMarks: StoredMarks = { until: 0, ids: [] };

export interface ReadMarksOptions {
  readonly stored: StoredMarks;
  readonly now: () => number;
  readonly onChanged: () => void;
}

export function createReadMarks({ stored, now, onChanged }: ReadMarksOptions): ReadMarks {
  // What has not happened yet has not been seen, whatever somebody says or the clock said once.
  const past = (time: number): number => Math.min(time, now());
  let marks: StoredMarks = { ...stored, until: past(stored.until) };
  const set = (next: StoredMarks): void => {
    marks = next;
    onChanged();
  };
  return {
    now: () => marks,
    seenUntil: (time) => {
      const until = past(time);
      if (until > marks.until) set({ ...marks, until });
    },
    seen: (ids, shorter) => {
      const known = new Set(marks.ids);
      const added = ids.filter((id) => !known.has(id));
      if (added.length === 0) return;
      let next: StoredMarks = { until: marks.until, ids: [...marks.ids, ...added] };
      if (next.ids.length > mostMarks) next = shorter(next);
      set({ until: past(next.until), ids: next.ids.slice(-mostMarks) });
    },
  };
}
