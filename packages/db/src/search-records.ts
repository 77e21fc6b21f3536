import type { Database } from 'better-sqlite3';
import type { HistoryDatabase } from './open-database.ts';
import { createRecordKeys, type KeyLimits, type RecordKey, type StreamSpan } from './record-keys.ts';
import { type RecordWords, selectWords } from './record-words.ts';
import type { WordFilter } from './word-filter.ts';

export interface RecordFilter extends WordFilter {
  readonly instance?: string;
  /** Milliseconds since the epoch, both inclusive. */
  readonly since?: number;
  readonly until?: number;
}

/** A row of the history with its words. Of a decision the outcome's durations stand beside its own. */
export interface FoundRecord extends RecordWords {
  readonly time: number;
  readonly seq: number;
  readonly instance: string;
  readonly stream: string;
  readonly requestId: string | null;
  readonly size: number | null;
  readonly decision: number | null;
  readonly outcome: number | null;
  readonly evalUs: number | null;
  readonly waitUs: number | null;
  readonly durationUs: number | null;
  readonly backendUs: number | null;
  readonly outcomeSize: number | null;
  readonly offset: number;
  readonly length: number;
  readonly hash: Buffer;
}

export interface RecordSearchPage {
  /** Newest first. */
  readonly records: readonly FoundRecord[];
  /** Where the next page begins. A page that has it may hold fewer records than asked for, or none. */
  readonly cursor?: string;
}

export interface RecordSearch {
  /** Undefined where the cursor is none. */
  page(
    filter: RecordFilter,
    more: { readonly cursor?: string; readonly limit: number },
  ): RecordSearchPage | undefined;
  find(instance: string, seq: number): FoundRecord | undefined;
}

const latest: RecordKey = { time: Number.MAX_SAFE_INTEGER, stream: 0, seq: 0 };

export function createRecordSearch({ client }: HistoryDatabase, limits?: KeyLimits): RecordSearch {
  const keys = createRecordKeys(client, limits);
  const ofInstance = client.prepare<[string], StreamSpan>(
    'SELECT id, records, first, last FROM streams WHERE instance = ? AND records > 0',
  );
  const row = prepareRow(client);
  const byNumber = client.prepare<[number, string], RecordKey>(
    `SELECT r.time, r.stream, r.seq FROM streams AS s JOIN records AS r ON r.stream = s.id AND r.seq = ?
     WHERE s.instance = ? ORDER BY s.stream DESC LIMIT 1`,
  );

  return {
    page: (filter, { cursor, limit }) => {
      const from = cursor === undefined ? undefined : parseCursor(cursor);
      if (cursor !== undefined && from === undefined) return undefined;
      const until = filter.until === undefined ? latest : { time: filter.until + 1, stream: 0, seq: 0 };
      const found = keys.find({
        before: from !== undefined && from.time < until.time ? from : until,
        since: filter.since ?? Number.MIN_SAFE_INTEGER,
        words: filter,
        streams: filter.instance === undefined ? undefined : ofInstance.all(filter.instance),
        limit,
      });
      const records = found.keys.flatMap(({ time, stream, seq }) => row.get(time, stream, seq) ?? []);
      return found.next === undefined ? { records } : { records, cursor: cursorOf(found.next) };
    },
    find: (instance, seq) => {
      const key = byNumber.get(seq, instance);
      return key === undefined ? undefined : row.get(key.time, key.stream, key.seq);
    },
  };
}

function prepareRow(client: Database) {
  return client.prepare<[number, number, number], FoundRecord>(
    `SELECT ${selectWords('w')}, r.time, r.seq, s.instance, s.stream, r.request_id AS requestId, r.size, r.decision,
       r.outcome, r.eval_us AS evalUs, r.wait_us AS waitUs,
       coalesce(r.duration_us, o.duration_us) AS durationUs, coalesce(r.backend_us, o.backend_us) AS backendUs,
       o.size AS outcomeSize, r."offset", r.length, r.hash
     FROM records AS r JOIN shapes AS w ON w.id = r.shape JOIN streams AS s ON s.id = r.stream
     LEFT JOIN records AS o ON o.stream = r.stream AND o.seq = r.outcome
     WHERE r.time = ? AND r.stream = ? AND r.seq = ?`,
  );
}

const cursorOf = ({ time, stream, seq }: RecordKey): string => `${time}.${stream}.${seq}`;

function parseCursor(text: string): RecordKey | undefined {
  const match = /^(-?\d{1,16})\.(\d{1,16})\.(\d{1,16})$/.exec(text);
  return match === null
    ? undefined
    : { time: Number(match[1]), stream: Number(match[2]), seq: Number(match[3]) };
}
