import { readRecords } from '@mcp-acp/audit/read-records';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { DecisionBody, RecordEnvelope } from '@mcp-acp/shared/journal-record';

export type DecisionRecord = RecordEnvelope & DecisionBody;

/** One start of a proxy, found again in its journal. */
export interface FoundRun {
  readonly instance: InstanceId;
  /** What was decided about the last request of its client. */
  readonly lastDecision?: DecisionRecord;
}

/** Clocks of two processes may differ in what they make of the same moment. Milliseconds. */
const toleranceMs = 2_000;

/**
 * The instance that ran as a process, `since` being when the process was started (milliseconds since the epoch).
 * Undefined where the journal does not have it.
 */
export async function findRun(
  paths: HomePaths,
  name: string,
  { pid, since }: { readonly pid: number; readonly since: number },
): Promise<FoundRun | undefined> {
  const last = new Map<string, DecisionRecord>();
  const range = { since: since - toleranceMs, newestFirst: true };
  for await (const record of readRecords(paths.auditDir(name), range)) {
    if (record.type === 'decision') {
      const isRequest = record.class !== 'notification' && record.class !== 'response';
      if (record.from === 'client' && isRequest && !last.has(record.instance)) {
        last.set(record.instance, record);
      }
    } else if (record.type === 'session' && record.event === 'opened' && record.pid === pid) {
      const lastDecision = last.get(record.instance);
      return { instance: record.instance, ...(lastDecision === undefined ? {} : { lastDecision }) };
    }
  }
  return undefined;
}
