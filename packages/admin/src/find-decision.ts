import { readRecords } from '@mcp-acp/audit/read-records';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import type { DecisionBody, RecordEnvelope } from '@mcp-acp/shared/journal-record';

export interface FoundDecision {
  readonly record: RecordEnvelope & DecisionBody;
}

/** Clocks of two processes may differ in what they make of the same moment. Milliseconds. */
const toleranceMs = 2_000;

/**
 * What was decided about the last request that the client of one process's instance made, `since` being when that
 * process was started (milliseconds since the epoch). Undefined where the journal does not have it.
 */
export async function findLastDecision(
  paths: HomePaths,
  name: string,
  { pid, since }: { readonly pid: number; readonly since: number },
): Promise<FoundDecision | undefined> {
  const last = new Map<string, FoundDecision>();
  const range = { since: since - toleranceMs, newestFirst: true };
  for await (const record of readRecords(paths.auditDir(name), range)) {
    if (record.type === 'decision') {
      const isRequest = record.class !== 'notification' && record.class !== 'response';
      if (record.from === 'client' && isRequest && !last.has(record.instance))
        last.set(record.instance, { record });
    } else if (record.type === 'session' && record.event === 'opened' && record.pid === pid) {
      return last.get(record.instance);
    }
  }
  return undefined;
}
