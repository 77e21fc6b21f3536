import { readPayload } from '@mcp-acp/audit/read-payload';
import { readRecords } from '@mcp-acp/audit/read-records';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import type { JournalRecord, OutcomeBody, RecordEnvelope, RecordType } from '@mcp-acp/shared/journal-record';

export type OutcomeRecord = RecordEnvelope & OutcomeBody;

/** A record, and for a decision what became of it and what it was about. */
export interface LogEntry {
  readonly record: JournalRecord;
  readonly outcome?: OutcomeRecord;
  /** Redacted arguments, as text; absent where none were kept or they were deleted. */
  readonly payload?: string;
}

/** All given conditions must hold. */
export interface LogFilter {
  readonly types?: readonly RecordType[];
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
  /** The tool's name, whole. */
  readonly tool?: string;
  /** What the policy said (allow, ask, deny) or what became of it (forwarded, denied, unanswered, …). */
  readonly decision?: string;
  /** Found anywhere in the record or in its payload; case is ignored. */
  readonly text?: string;
  readonly limit: number;
}

/**
 * The newest entries that pass the filter, newest first. An outcome rides with its decision; it is an entry of its own
 * only where `types` asks for outcomes.
 */
export async function readLogs(
  paths: HomePaths,
  name: string,
  filter: LogFilter,
): Promise<readonly LogEntry[]> {
  const outcomes = new Map<string, OutcomeRecord>();
  const entries: LogEntry[] = [];
  if (filter.limit <= 0) return entries;
  const range = {
    ...(filter.since === undefined ? {} : { since: filter.since }),
    ...(filter.until === undefined ? {} : { until: filter.until }),
  };
  for await (const record of readRecords(paths.auditDir(name), { ...range, newestFirst: true })) {
    if (record.type === 'outcome') {
      // Read backwards, an outcome comes before the decision it belongs to.
      outcomes.set(`${record.instance}:${record.decision}`, record);
      if (filter.types?.includes('outcome') !== true) continue;
    }
    const entry = entryOf(record, outcomes);
    if (record.type === 'decision') outcomes.delete(`${record.instance}:${record.seq}`);
    if (!mayPass(entry, filter)) continue;
    const full = withPayload(paths, name, entry);
    if (!hasText(full, filter.text)) continue;
    entries.push(full);
    if (entries.length >= filter.limit) break;
  }
  return entries;
}

function entryOf(record: JournalRecord, outcomes: ReadonlyMap<string, OutcomeRecord>): LogEntry {
  const outcome = record.type === 'decision' ? outcomes.get(`${record.instance}:${record.seq}`) : undefined;
  return outcome === undefined ? { record } : { record, outcome };
}

function withPayload(paths: HomePaths, name: string, entry: LogEntry): LogEntry {
  const { record } = entry;
  if (record.type !== 'decision' || record.payload === undefined) return entry;
  const payload = readPayload(paths.payloadsDir(name), record.payload, record.instance);
  return payload === undefined ? entry : { ...entry, payload };
}

/** Everything but the text, which needs the payload. */
function mayPass({ record }: LogEntry, filter: LogFilter): boolean {
  if (filter.types !== undefined && !filter.types.includes(record.type)) return false;
  if (filter.tool !== undefined && toolOf(record) !== filter.tool) return false;
  if (filter.decision === undefined) return true;
  return (
    record.type === 'decision' &&
    (record.effect === filter.decision || record.disposition === filter.decision)
  );
}

const toolOf = (record: JournalRecord): string | undefined =>
  record.type === 'decision' || record.type === 'outcome' || record.type === 'tool' ? record.tool : undefined;

function hasText(entry: LogEntry, text: string | undefined): boolean {
  if (text === undefined) return true;
  const wanted = text.toLowerCase();
  return (
    JSON.stringify([entry.record, entry.outcome]).toLowerCase().includes(wanted) ||
    entry.payload?.toLowerCase().includes(wanted) === true
  );
}

/** Whether a record that was just written passes; its outcome is not there yet. */
export const passes = (record: JournalRecord, filter: Omit<LogFilter, 'limit'>): boolean =>
  mayPass({ record }, { ...filter, limit: 1 }) && hasText({ record }, filter.text);

/**
 * The records with this number, one for each stream that has it and whose instance's name starts with `instance`
 * (with or without `inst_`), newest first.
 */
export async function findRecord(
  paths: HomePaths,
  name: string,
  { instance = '', seq }: { readonly instance?: string; readonly seq: number },
): Promise<readonly LogEntry[]> {
  const outcomes = new Map<string, OutcomeRecord>();
  const found: LogEntry[] = [];
  for await (const record of readRecords(paths.auditDir(name), { newestFirst: true })) {
    if (!record.instance.replace('inst_', '').startsWith(instance.replace('inst_', ''))) continue;
    if (record.type === 'outcome' && record.decision === seq) {
      outcomes.set(`${record.instance}:${record.decision}`, record);
    }
    if (record.seq === seq) found.push(withPayload(paths, name, entryOf(record, outcomes)));
  }
  return found;
}
