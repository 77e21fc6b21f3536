import { closeSync } from 'node:fs';
import { join } from 'node:path';
import type {
  HistoryPort,
  HistoryRecord,
  IncidentPage,
  IncidentQuery,
  RecordDetail,
  RecordPage,
  RecordQuery,
  RecordRef,
  SeriesPoint,
  SeriesQuery,
} from '@mcp-acp/api/ports/history';
import { mostSeriesPoints } from '@mcp-acp/api/ports/history';
import { openStream } from '@mcp-acp/audit/open-stream';
import { readPayload } from '@mcp-acp/audit/read-payload';
import { recordAt } from '@mcp-acp/audit/record-at';
import { streamFileName, streamHashHead } from '@mcp-acp/audit/record-hash';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { histogramCounts } from '@mcp-acp/db/histogram-blob';
import { createIncidentRows, type IncidentKey, type IncidentRow } from '@mcp-acp/db/incidents';
import type { HistoryDatabase } from '@mcp-acp/db/open-database';
import { createSeriesReader, type SeriesBucket } from '@mcp-acp/db/read-series';
import { createRecordSearch, type FoundRecord } from '@mcp-acp/db/search-records';
import type { LatencyName } from '@mcp-acp/db/series-counts';
import { AcpError } from '@mcp-acp/shared/errors';
import { createHistogram, type HistogramSummary } from '@mcp-acp/shared/histogram';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { JsonObject } from '@mcp-acp/shared/json';
import { findJournals, type JournalFolder } from './find-journals.ts';

/** What the history is asked, answered from one open database. */
export interface HistoryAnswers {
  records(query: RecordQuery): RecordPage;
  record(ref: RecordRef): RecordDetail | undefined;
  incidents(query: IncidentQuery): IncidentPage;
  series(query: SeriesQuery): Awaited<ReturnType<HistoryPort['series']>>;
}

export function answerQueries(database: HistoryDatabase, paths: HomePaths): HistoryAnswers {
  const search = createRecordSearch(database);
  const incidents = createIncidentRows(database);
  const series = createSeriesReader(database);

  return {
    records: ({ cursor, limit, ...filter }) => {
      const page = search.page(given(filter), { limit, ...(cursor === undefined ? {} : { cursor }) });
      if (page === undefined) throw noCursor();
      const records = page.records.map(historyRecord);
      return page.cursor === undefined ? { records } : { records, cursor: page.cursor };
    },
    record: ({ proxy, instance, seq }) => {
      const found = search.find(instance, seq);
      if (found === undefined || found.proxyName !== proxy) return undefined;
      const folders = findJournals(paths);
      const { folder, record } = readWhole(folders, found);
      const outcome =
        found.type === 'decision' && found.outcome !== null
          ? search.find(instance, found.outcome)
          : undefined;
      const { payload } = record;
      const kept =
        typeof payload === 'string'
          ? readPayload(folder.payloadsDir, payload, instance as InstanceId)
          : undefined;
      return {
        record: record as RecordDetail['record'],
        ...(outcome === undefined
          ? {}
          : { outcome: readWhole([folder], outcome).record as RecordDetail['record'] }),
        ...(kept === undefined ? {} : { payload: kept }),
      };
    },
    incidents: ({ proxy, cursor, limit }) => {
      const before = cursor === undefined ? undefined : incidentKey(cursor);
      const page = incidents.page({
        limit,
        ...(proxy === undefined ? {} : { proxy }),
        ...(before === undefined ? {} : { before }),
      });
      const shown = page.rows.map(incidentOf);
      return page.next === undefined
        ? { incidents: shown, unread: 0 }
        : { incidents: shown, unread: 0, cursor: `${page.next.time}.${page.next.id}` };
    },
    series: ({ since, until, bucketMinutes, proxy, tool }) => {
      if ((until - since) / (bucketMinutes * 60_000) > mostSeriesPoints) {
        throw new AcpError('bad_request', `That would be more than ${mostSeriesPoints} buckets.`, {
          fix: 'Ask for a shorter time or for wider buckets.',
        });
      }
      const filter = { since, until, bucketMinutes };
      return series.buckets({ ...filter, ...given({ proxy, tool }) }).map(pointOf);
    },
  };
}

/** Without members that are not given. */
type Given<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };
const given = <T extends object>(members: T): Given<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>;

const noCursor = (): AcpError => new AcpError('bad_request', 'The cursor is not one that a page ended with.');

function incidentKey(cursor: string): IncidentKey {
  const match = /^(-?\d{1,16})\.(.{1,100})$/.exec(cursor);
  if (match === null) throw noCursor();
  return { time: Number(match[1]), id: match[2] as string };
}

/** The line of a record, from its journal, wherever that is now. */
function readWhole(
  folders: readonly JournalFolder[],
  found: FoundRecord,
): { readonly folder: JournalFolder; readonly record: JsonObject } {
  const place = { offset: found.offset, length: found.length, hash: found.hash.toString('hex') };
  let seen = false;
  for (const folder of folders) {
    const opened = openStream(join(folder.auditDir, streamFileName(found.stream)));
    if ('why' in opened) continue;
    seen = true;
    try {
      const text = recordAt(opened.fd, streamHashHead(found.proxy as ProxyId, found.stream), place);
      if (text !== undefined) return { folder, record: JSON.parse(text) as JsonObject };
    } finally {
      closeSync(opened.fd);
    }
  }
  throw seen
    ? new AcpError('audit_tampered', `Record ${found.seq} of ${found.stream} is not what it was.`, {
        fix: `See what happened: mcp-acp audit verify --proxy ${found.proxyName}`,
      })
    : new AcpError('not_found', `The journal of ${found.stream} is not there any more.`);
}

const isoTime = (time: number): string => new Date(time).toISOString();
const toMs = (us: number | null): number | null => (us === null ? null : us / 1000);

function historyRecord(found: FoundRecord): HistoryRecord {
  const { proxy, proxyName, stream, time, hash, offset, length, ...words } = found;
  const { evalUs, waitUs, durationUs, backendUs, ...rest } = words;
  const record = {
    ...rest,
    proxy: proxyName,
    time: isoTime(time),
    evalMs: toMs(evalUs),
    waitMs: toMs(waitUs),
    durationMs: toMs(durationUs),
    backendMs: toMs(backendUs),
    hash: hash.toString('hex'),
  };
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== null),
  ) as unknown as HistoryRecord;
}

function incidentOf(row: IncidentRow): IncidentPage['incidents'][number] {
  const { proxyName, instance, count, seq, code, detail, time } = row;
  return {
    id: row.id,
    unread: false,
    critical: false,
    time: isoTime(time),
    code,
    detail,
    ...(proxyName === null ? {} : { proxy: proxyName }),
    ...(instance === null ? {} : { instance }),
    ...(count === null ? {} : { count }),
    ...(seq === null ? {} : { seq }),
  };
}

function pointOf({ start, counts, statuses, latency }: SeriesBucket): SeriesPoint {
  const { requests, allowed, denied, allow, ask, deny } = counts;
  const summary = (name: LatencyName): HistogramSummary => {
    const histogram = createHistogram();
    histogram.merge(histogramCounts(latency[name]));
    return histogram.summary();
  };
  return {
    start,
    requests,
    allowed,
    denied,
    effects: { allow, ask, deny },
    outcomes: Object.fromEntries(statuses),
    latency: {
      call: summary('call'),
      backend: summary('backend'),
      evaluation: summary('evaluation'),
      humanWait: summary('humanWait'),
    },
  };
}
