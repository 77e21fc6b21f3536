import type { Database } from 'better-sqlite3';
import { digestNumber } from './record-words.ts';

export interface StreamName {
  /** Id of the proxy. */
  readonly proxy: string;
  readonly instance: string;
  /** `<instance>.<segment>`. */
  readonly stream: string;
}

/** How far a stream has been projected, and whether that goes on. */
export interface StreamPlace {
  readonly offset: number;
  readonly seq: number;
  /** 64 hex digits. */
  readonly hash: string;
  readonly ended: boolean;
  readonly state: 'open' | 'closed' | 'tampered';
}

export interface StreamRow extends StreamName {
  readonly id: number;
  readonly records: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** The rows of streams, for one who writes in a transaction of his own. */
export interface StreamRows {
  /** As it is, or as it would be for a stream of which nothing has been written. */
  rowOf(name: StreamName): StreamRow;
  /** Its new place, and the times of the records written. */
  put(row: StreamRow, place: StreamPlace, times: readonly number[]): void;
  /** Its new place after so many rows were removed. */
  shorten(row: StreamRow, place: StreamPlace, removed: number): void;
}

export function createStreamRows(client: Database): StreamRows {
  const columns = 'id, proxy, instance, stream, records, first, last';
  const find = client.prepare<[string, string], StreamRow>(
    `SELECT ${columns} FROM streams WHERE proxy = ? AND stream = ?`,
  );
  const taken = client.prepare<[number], number>('SELECT 1 FROM streams WHERE id = ?').pluck();
  const times = client.prepare<[number], { first: number | null; last: number | null }>(
    'SELECT min(time) AS first, max(time) AS last FROM records WHERE stream = ?',
  );
  const save = client.prepare(
    `INSERT OR REPLACE INTO streams (${columns}, "offset", seq, hash, ended, state) VALUES (${'?, '.repeat(11)}?)`,
  );
  const write = (row: StreamRow, { offset, seq, hash, ended, state }: StreamPlace): void => {
    const { id, proxy, instance, stream, records, first, last } = row;
    save.run(id, proxy, instance, stream, records, first, last, offset, seq, hash, ended ? 1 : 0, state);
  };

  return {
    rowOf: (name) => {
      const known = find.get(name.proxy, name.stream);
      if (known !== undefined) return known;
      let id = digestNumber(`${name.proxy}/${name.stream}`);
      while (taken.get(id) !== undefined) id++;
      return { ...name, id, records: 0, first: null, last: null };
    },
    put: (row, place, added) => {
      let { first, last } = row;
      for (const time of added) {
        first = first === null || time < first ? time : first;
        last = last === null || time > last ? time : last;
      }
      write({ ...row, records: row.records + added.length, first, last }, place);
    },
    shorten: (row, place, removed) => {
      const left = times.get(row.id) ?? { first: null, last: null };
      write({ ...row, records: row.records - removed, ...left }, place);
    },
  };
}
