import type { IncidentBody, JournalRecord, OutcomeBody } from '@mcp-acp/shared/journal-record';
import type { Database } from 'better-sqlite3';
import type { HistoryDatabase } from './open-database.ts';
import { asOutcome, type RecordWords, withOutcome, withoutOutcome, wordsOf } from './record-words.ts';
import { gatherSeries, type RowTimes, type SeriesGatherer } from './series-counts.ts';
import { createShapeStore } from './shape-store.ts';
import { createStreamRows, type StreamName, type StreamPlace, type StreamRow } from './stream-rows.ts';
import { createSeriesWriter } from './write-series.ts';

/** A record of a journal, and where it lies in its stream's file. */
export interface PlacedRecord {
  readonly record: JournalRecord;
  /** Its number in the chain. */
  readonly seq: number;
  readonly offset: number;
  /** Bytes, the newline included. */
  readonly length: number;
  /** 64 hex digits. */
  readonly hash: string;
}

/** What was read of one stream: records that follow those read before, and where reading goes on. */
export interface StreamBatch {
  readonly stream: StreamName;
  readonly records: readonly PlacedRecord[];
  readonly place: StreamPlace;
}

export interface RecordWriter {
  /** Records and positions in one transaction: after a sudden death both are there or neither. Throws SQLite's errors. */
  write(batches: readonly StreamBatch[]): void;
  /**
   * Takes back the records of a stream behind a place, which its journal has no more, and all they counted for. Returns how
   * many there were.
   */
  takeBack(stream: StreamName, place: StreamPlace): number;
  /** Removes words that no record has any more. */
  tidy(): void;
}

interface Row extends RowTimes {
  readonly seq: number;
  words: RecordWords;
  readonly requestId: string | null;
  readonly size: number | null;
  readonly decision: number | null;
  outcome: number | null;
  readonly place: Pick<PlacedRecord, 'offset' | 'length' | 'hash'>;
}

interface StoredRow extends RowTimes {
  readonly stream: number;
  readonly seq: number;
  readonly shape: number;
  readonly decision: number | null;
  readonly outcome: number | null;
}

/** A request's id is kept so far. Characters. */
const mostRequestId = 128;
const storedColumns =
  'time, stream, seq, shape, decision, outcome, eval_us AS evalUs, wait_us AS waitUs, duration_us AS durationUs, backend_us AS backendUs';

const toUs = (ms: unknown): number | null =>
  typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? Math.round(ms * 1000) : null;
const toCount = (value: unknown): number | null =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;

export function createRecordWriter({ client }: HistoryDatabase): RecordWriter {
  const shapes = createShapeStore(client);
  const streams = createStreamRows(client);
  const series = createSeriesWriter(client);
  const statements = prepareStatements(client);

  /** Runs in one transaction; what is remembered of one that failed is forgotten. */
  const atomically = <Result>(act: (gather: SeriesGatherer) => Result): Result => {
    try {
      return client
        .transaction(() => {
          const gather = gatherSeries();
          const result = act(gather);
          series.add(gather.all());
          shapes.flush();
          return result;
        })
        .immediate();
    } catch (error) {
      shapes.forget();
      throw error;
    }
  };

  const writeStream = ({ stream, records, place }: StreamBatch, gather: SeriesGatherer): void => {
    const known = streams.rowOf(stream);
    const rows = new Map<number, Row>();
    let last = known.last ?? 0;
    for (const placed of records) {
      const row = rowOf(placed, last);
      last = row.time;
      rows.set(row.seq, row);
      const { record } = placed;
      if (record.type === 'decision') gather.decided(row.words, row, 1);
      else if (record.type === 'outcome') {
        const decision = rows.get(record.decision);
        if (decision !== undefined) pairNew(decision, row, { outcome: record, gather });
        else pairStored(known.id, row, { outcome: record, gather });
      } else if (record.type === 'incident') {
        statements.incident.run(...incidentValues(known, row, record));
      }
    }
    for (const row of rows.values()) {
      const shape = shapes.idOf(row.words);
      shapes.count(shape, 1);
      statements.insert.run(...rowValues(row, known.id, shape));
    }
    streams.put(
      known,
      place,
      [...rows.values()].map(({ time }) => time),
    );
  };

  /** An outcome of a decision that is written in the same transaction. */
  const pairNew = (decision: Row, row: Row, { outcome, gather }: Pairing): void => {
    if (decision.words.type !== 'decision') return;
    const known = withoutOutcome(decision.words);
    row.words = asOutcome(known, outcome);
    if (decision.outcome !== null) return;
    decision.outcome = row.seq;
    decision.words = withOutcome(known, outcome);
    gather.finished({ words: known, waitUs: decision.waitUs }, { ...row, status: row.words.status }, 1);
  };

  const pairStored = (stream: number, row: Row, { outcome, gather }: Pairing): void => {
    const decision = statements.find.get(stream, outcome.decision);
    const words = decision === undefined ? undefined : shapes.wordsOf(decision.shape);
    if (decision === undefined || words?.type !== 'decision') return;
    const known = withoutOutcome(words);
    row.words = asOutcome(known, outcome);
    if (decision.outcome !== null) return;
    reshape(decision, withOutcome(known, outcome), row.seq);
    gather.finished({ words: known, waitUs: decision.waitUs }, { ...row, status: row.words.status }, 1);
  };

  const reshape = (decision: StoredRow, words: RecordWords, outcome: number | null): void => {
    const shape = shapes.idOf(words);
    shapes.count(decision.shape, -1);
    shapes.count(shape, 1);
    statements.pair.run(outcome, shape, decision.time, decision.stream, decision.seq);
  };

  const unwrite = (row: StoredRow, gather: SeriesGatherer): void => {
    const words = shapes.wordsOf(row.shape);
    if (words === undefined) return;
    if (words.type === 'decision') gather.decided(words, row, -1);
    if (words.type === 'outcome' && row.decision !== null) {
      const decision = statements.find.get(row.stream, row.decision);
      if (decision?.outcome === row.seq) {
        const known = withoutOutcome(shapes.wordsOf(decision.shape) ?? words);
        reshape(decision, known, null);
        gather.finished({ words: known, waitUs: decision.waitUs }, { ...row, status: words.status }, -1);
      }
    }
  };

  return {
    write: (batches) => {
      atomically((gather) => {
        for (const batch of batches) writeStream(batch, gather);
      });
    },
    takeBack: (stream, place) =>
      atomically((gather) => {
        const known = streams.rowOf(stream);
        const rows = statements.behind.all(known.id, place.seq);
        for (const row of rows) {
          unwrite(row, gather);
          // An outcome among them may have changed its decision's shape: it is looked up again.
          shapes.count(statements.find.get(row.stream, row.seq)?.shape ?? row.shape, -1);
          statements.remove.run(row.time, row.stream, row.seq);
        }
        statements.removeIncidents.run(known.id, place.seq);
        streams.shorten(known, place, rows.length);
        return rows.length;
      }),
    tidy: () => {
      if (shapes.hasUnused()) client.transaction(() => shapes.collect()).immediate();
    },
  };
}

interface Pairing {
  readonly outcome: OutcomeBody;
  readonly gather: SeriesGatherer;
}

function prepareStatements(client: Database) {
  return {
    insert: client.prepare(
      `INSERT INTO records (time, stream, seq, shape, request_id, size, decision, outcome, eval_us, wait_us, duration_us, backend_us, "offset", length, hash) VALUES (${'?, '.repeat(14)}?)`,
    ),
    find: client.prepare<[number, number], StoredRow>(
      `SELECT ${storedColumns} FROM records WHERE stream = ? AND seq = ?`,
    ),
    behind: client.prepare<[number, number], StoredRow>(
      `SELECT ${storedColumns} FROM records WHERE stream = ? AND seq > ? ORDER BY seq DESC`,
    ),
    pair: client.prepare(
      'UPDATE records SET outcome = ?, shape = ? WHERE time = ? AND stream = ? AND seq = ?',
    ),
    remove: client.prepare('DELETE FROM records WHERE time = ? AND stream = ? AND seq = ?'),
    incident: client.prepare(
      `INSERT OR IGNORE INTO incidents (id, time, source, proxy, proxy_name, instance, stream, seq, code, detail, count) VALUES (?, ?, 'journal', ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    removeIncidents: client.prepare(
      `DELETE FROM incidents WHERE stream = ? AND seq > ? AND source = 'journal'`,
    ),
  };
}

function rowOf({ record, seq, offset, length, hash }: PlacedRecord, before: number): Row {
  const parsed = Date.parse(record.time);
  const member = record as unknown as Readonly<Record<string, unknown>>;
  const { requestId } = member;
  return {
    time: Number.isNaN(parsed) ? before : parsed,
    seq,
    words: wordsOf(record),
    requestId: typeof requestId === 'string' ? requestId.slice(0, mostRequestId) : null,
    size: toCount(member.size),
    decision: record.type === 'outcome' ? toCount(record.decision) : null,
    outcome: null,
    evalUs: toUs(member.evalMs),
    waitUs: toUs(member.waitMs),
    durationUs: toUs(member.durationMs),
    backendUs: toUs(member.backendMs),
    place: { offset, length, hash },
  };
}

/** In the order of the INSERT. */
const rowValues = (row: Row, stream: number, shape: number): unknown[] => [
  row.time,
  stream,
  row.seq,
  shape,
  row.requestId,
  row.size,
  row.decision,
  row.outcome,
  row.evalUs,
  row.waitUs,
  row.durationUs,
  row.backendUs,
  row.place.offset,
  row.place.length,
  Buffer.from(row.place.hash, 'hex'),
];

const incidentValues = (stream: StreamRow, row: Row, record: JournalRecord & IncidentBody): unknown[] => [
  `${stream.stream}:${row.seq}`,
  row.time,
  stream.proxy,
  row.words.proxyName,
  stream.instance,
  stream.id,
  row.seq,
  row.words.reason ?? '',
  row.words.detail ?? '',
  toCount(record.count),
];
