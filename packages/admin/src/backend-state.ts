import { closeSync, fstatSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveInstance } from '@mcp-acp/audit/live-instances';
import { parseRecord } from '@mcp-acp/audit/parse-record';
import { linesBackward, openForReading } from '@mcp-acp/audit/read-lines';
import { streamFileName } from '@mcp-acp/audit/record-hash';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import type { SessionBody } from '@mcp-acp/shared/journal-record';

/** Whether a running instance reaches its backend, as its journal has it. Times are RFC 3339. */
export interface BackendStateSeen {
  readonly state: NonNullable<SessionBody['state']>;
  readonly since: string;
  /** The newest one, which may be over. Foreign words. */
  readonly lastError?: { readonly error: string; readonly time: string };
}

/** An instance that was never cut off has its last word about it long ago; further back than this is not looked. */
const mostRecords = 100_000;

/** Undefined where nothing is said of it: a backend that is a child process is reached while its instance runs. */
export function backendState(
  paths: HomePaths,
  name: string,
  { stream }: Pick<LiveInstance, 'stream'>,
): BackendStateSeen | undefined {
  let fd: number;
  try {
    fd = openForReading(join(paths.auditDir(name), streamFileName(stream)));
  } catch {
    return undefined;
  }
  let seen: BackendStateSeen | undefined;
  let read = 0;
  try {
    for (const { text } of linesBackward(fd, fstatSync(fd).size)) {
      const record = text === undefined ? undefined : parseRecord(text);
      if (++read > mostRecords) return seen;
      if (record === undefined || 'why' in record || record.type !== 'session') continue;
      if (record.event === 'opened') return seen;
      if (record.event !== 'backend' || record.state === undefined) continue;
      const { state, error, time } = record;
      seen ??= { state, since: time };
      if (error !== undefined) return { ...seen, lastError: { error, time } };
    }
    return seen;
  } finally {
    closeSync(fd);
  }
}
