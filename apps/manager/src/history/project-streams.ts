import { createTailReader } from '@mcp-acp/audit/verified-tail';
import type { HistoryDatabase } from '@mcp-acp/db/open-database';
import { createRecordWriter, type RecordWriter, type StreamBatch } from '@mcp-acp/db/write-records';
import type { FollowedJournal, FollowedStream } from './follow-journal.ts';
import type { IncidentReport } from './incident-report.ts';
import { readStream, type StreamReading } from './read-streams.ts';
import { findTakenBack } from './taken-back.ts';

/** What one step did. */
export interface ProjectedStep {
  /** Records added, less those taken back. */
  readonly records: number;
  /** Bytes of journals that were read. */
  readonly bytes: number;
  /** Whether anything was read or changed: then there may be more. */
  readonly busy: boolean;
}

export interface StreamProjection {
  /** Reads once from each of the streams that are not idle, as far as one step may go, and writes it in one transaction. */
  step(journals: readonly FollowedJournal[]): ProjectedStep;
  readonly writer: RecordWriter;
}

export interface ProjectionParts {
  readonly database: HistoryDatabase;
  readonly incidents: IncidentReport;
  readonly nowMs: () => number;
  readonly log: (event: string, fields: Readonly<Record<string, string | number>>) => void;
}

/** One step keeps the thread about this long: what it reads is fitted to that. Milliseconds. */
const stepMs = 8;
const leastBytes = 64 * 1024;
const mostBytes = 256 * 1024;
/** Streams that have nothing new are looked at no longer than this in one step. */
const lookMs = 4;
/** A writer or healer may be at work in a stream that is open: what is doubtful is looked at so often, so far apart. */
const mostDoubts = 4;
const doubtMs = 100;

export function createStreamProjection(parts: ProjectionParts): StreamProjection {
  const { database, incidents, nowMs, log } = parts;
  const tail = createTailReader();
  const writer = createRecordWriter(database);
  let bytes = leastBytes;
  let nextStream = 0;

  const batchOf = ({ name, place }: FollowedStream, reading: StreamReading): StreamBatch => {
    const state = reading.state === 'closed' ? 'closed' : place.state;
    return { stream: name, records: reading.records, place: { ...reading.position, state } };
  };

  const tampered = (journal: FollowedJournal, stream: FollowedStream, reading: StreamReading): void => {
    const { name, proxyId, known, folder } = stream;
    const { offset, line, why } =
      reading.state === 'doubtful' ? reading.problem : { offset: 0, line: 0, why: '' };
    incidents.tampered({
      proxyId,
      proxyName: folder.name,
      stream: name.stream,
      instance: known.open.instance,
      detail: `${name.stream}.jsonl, line ${line}, byte ${offset}: ${why}.`,
    });
    stream.place = { ...stream.place, state: 'tampered' };
    writer.write([{ stream: name, records: [], place: stream.place }]);
    journal.finished(stream);
  };

  /** Returns how many records were taken back. */
  const doubt = (journal: FollowedJournal, stream: FollowedStream, reading: StreamReading): number => {
    const found = findTakenBack(stream, { database, tail });
    stream.idle = true;
    if (found.state === 'waiting') return 0;
    if (found.state === 'replaced') {
      const place = { ...found.to, state: 'open' as const };
      const taken = writer.takeBack(stream.name, place);
      stream.place = place;
      stream.idle = false;
      stream.doubts = 0;
      tellTakenBack(stream, found.by, taken);
      return taken;
    }
    if (stream.doubts === 0 || nowMs() - stream.doubtedMs >= doubtMs) {
      stream.doubts++;
      stream.doubtedMs = nowMs();
    }
    if (stream.known.end !== undefined || stream.doubts >= mostDoubts) tampered(journal, stream, reading);
    return 0;
  };

  const tellTakenBack = (stream: FollowedStream, by: 'writer' | 'healer', records: number): void => {
    const { name, proxyId, folder, known } = stream;
    log('records_taken_back', { stream: name.stream, records, by });
    // A writer records by itself what its disk did not take.
    if (by === 'writer') return;
    incidents.report(`taken back from ${proxyId}/${name.stream} at ${stream.place.seq}`, {
      proxy: { id: proxyId, name: folder.name, instance: known.open.instance },
      code: 'records_missing',
      detail: `${records} records of ${name.stream} had been seen and were not there any more when it was healed.`,
    });
  };

  const readOne = (stream: FollowedStream, most: number): StreamReading | undefined => {
    try {
      const { folder, proxyId, known, place } = stream;
      const reading = readStream(tail, { auditDir: folder.auditDir, proxyId, known, position: place }, most);
      delete stream.unreadable;
      return reading;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (stream.unreadable === undefined) log('stream_unreadable', { stream: stream.name.stream, why });
      stream.unreadable = why;
      stream.idle = true;
      return undefined;
    }
  };

  interface Read {
    readonly journal: FollowedJournal;
    readonly stream: FollowedStream;
    readonly reading: StreamReading;
  }

  const collect = (waiting: readonly Omit<Read, 'reading'>[]): Read[] => {
    const untilMs = nowMs() + lookMs;
    const read: Read[] = [];
    let left = bytes;
    for (let count = 0; count < waiting.length && left > 0 && nowMs() < untilMs; count++) {
      const one = waiting[nextStream++ % waiting.length] as Omit<Read, 'reading'>;
      const reading = readOne(one.stream, Math.max(left, leastBytes));
      if (reading === undefined) continue;
      left -= reading.position.offset - one.stream.place.offset;
      read.push({ ...one, reading });
    }
    return read;
  };

  /** What was read is in the database: it goes on from there. */
  const settle = ({ journal, stream, reading }: Read): void => {
    stream.place = batchOf(stream, reading).place;
    stream.behindBytes = reading.behindBytes;
    stream.idle = reading.state === 'waiting' || reading.state === 'gone';
    if (reading.state === 'waiting') stream.doubts = 0;
    if (reading.state === 'closed') journal.finished(stream);
  };

  return {
    writer,
    step: (journals) => {
      const waiting = journals.flatMap((journal) =>
        [...journal.streams.values()].flatMap((stream) => (stream.idle ? [] : [{ journal, stream }])),
      );
      if (waiting.length === 0) return { records: 0, bytes: 0, busy: false };
      const startMs = nowMs();
      const read = collect(waiting);
      const news = read.filter(({ reading }) => reading.records.length > 0 || reading.state === 'closed');
      let records = 0;
      if (news.length > 0) {
        writer.write(news.map(({ stream, reading }) => batchOf(stream, reading)));
        records += news.reduce((sum, { reading }) => sum + reading.records.length, 0);
      }
      const bytesRead = read.reduce(
        (sum, { stream, reading }) => sum + reading.position.offset - stream.place.offset,
        0,
      );
      for (const one of read) {
        // What is doubtful behind records that are not is looked at with the next step.
        if (one.reading.state !== 'doubtful' || one.reading.records.length > 0) settle(one);
        else records -= doubt(one.journal, one.stream, one.reading);
      }
      const tookMs = nowMs() - startMs;
      if (tookMs > stepMs) bytes = Math.max(leastBytes, Math.floor(bytes / 2));
      else if (tookMs < stepMs / 2 && news.length > 0) bytes = Math.min(mostBytes, bytes * 2);
      return { records, bytes: bytesRead, busy: true };
    },
  };
}
