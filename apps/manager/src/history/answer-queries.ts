import type {
  HistoryPort,
  HistoryRecord,
  IncidentPage,
  IncidentQuery,
  IncidentsRead,
  LastApproved,
  RecordDetail,
  RecordPage,
  RecordQuery,
  RecordRef,
  RuleHits,
  SeriesPoint,
  SeriesQuery,
} from '@mcp-acp/api/ports/history';
import { mostSeriesPoints } from '@mcp-acp/api/ports/history';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { histogramCounts } from '@mcp-acp/db/histogram-blob';
import { createIncidentRows, type IncidentKey, type IncidentRow } from '@mcp-acp/db/incidents';
import type { HistoryDatabase } from '@mcp-acp/db/open-database';
import { createSeriesReader, type SeriesBucket } from '@mcp-acp/db/read-series';
import { createRuleHits } from '@mcp-acp/db/rule-hits';
import { createRecordSearch, type FoundRecord } from '@mcp-acp/db/search-records';
import type { LatencyName } from '@mcp-acp/db/series-counts';
import { AcpError } from '@mcp-acp/shared/errors';
import { createHistogram, type HistogramSummary } from '@mcp-acp/shared/histogram';
import type { ReadMarks } from '../access/read-marks.ts';
import { isCritical } from './critical-codes.ts';
import { findJournals } from './find-journals.ts';
import type { IncidentReport } from './incident-report.ts';
import { keptPayload, readWhole } from './journal-lines.ts';
import { lastApproved } from './last-approved.ts';

/** What the history is asked, answered from one open database. */
export interface HistoryAnswers {
  records(query: RecordQuery): RecordPage;
  record(ref: RecordRef): RecordDetail | undefined;
  incidents(query: IncidentQuery): IncidentPage;
  readIncidents(read: IncidentsRead): void;
  ruleHits(query: { readonly proxy: string; readonly since: number }): readonly RuleHits[];
  lastApproved(query: { readonly proxy: string; readonly tool: string }): LastApproved | undefined;
  series(query: SeriesQuery): Awaited<ReturnType<HistoryPort['series']>>;
}

export interface AnswerOptions {
  readonly database: HistoryDatabase;
  readonly paths: HomePaths;
  /** Which incidents have been seen. */
  readonly marks: ReadMarks;
  /** A journal says something else than was read from it once. */
  readonly tampered: IncidentReport['tampered'];
}

export function answerQueries({ database, paths, marks, tampered }: AnswerOptions): HistoryAnswers {
  const search = createRecordSearch(database);
  const incidents = createIncidentRows(database);
  const series = createSeriesReader(database);
  const ruleHits = createRuleHits(database);

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
      const { folder, record } = readWhole(folders, found, tampered);
      const outcome =
        found.type === 'decision' && found.outcome !== null
          ? search.find(instance, found.outcome)
          : undefined;
      const kept = keptPayload(folder, record);
      return {
        record: record as RecordDetail['record'],
        ...(outcome === undefined
          ? {}
          : { outcome: readWhole([folder], outcome, tampered).record as RecordDetail['record'] }),
        ...(kept === undefined ? {} : { payload: kept }),
      };
    },
    incidents: ({ proxy, code, since, unreadOnly, cursor, limit }) => {
      const before = cursor === undefined ? undefined : incidentKey(cursor);
      const seen = marks.now();
      const unseen = unreadOnly === true ? seen : undefined;
      const page = incidents.page({ limit, ...given({ proxy, code, since, unseen, before }) });
      const ids = new Set(seen.ids);
      return {
        incidents: page.rows.map((row) => incidentOf(row, row.time > seen.until && !ids.has(row.id))),
        unread: incidents.unseen(seen),
        ...(page.next === undefined ? {} : { cursor: `${page.next.time}.${page.next.id}` }),
      };
    },
    readIncidents: (read) => {
      if ('until' in read) marks.seenUntil(read.until);
      else marks.seen(read.ids, incidents.shorter);
    },
    ruleHits,
    lastApproved: (query) => lastApproved({ search, paths, tampered }, query),
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

function incidentOf(row: IncidentRow, unread: boolean): IncidentPage['incidents'][number] {
  const { proxyName, instance, count, seq, code, detail, time } = row;
  return {
    id: row.id,
    unread,
    critical: isCritical(code),
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
