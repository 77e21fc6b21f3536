import { findRecord, type LogEntry } from '@mcp-acp/admin/read-logs';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { AcpError } from '@mcp-acp/shared/errors';
import { recordId } from './log-line.ts';

/** The one record that goes by a name such as `abcdef:12`. Throws AcpError('usage') where there is none, or several. */
export async function namedRecord(paths: HomePaths, proxy: string, wanted: string): Promise<LogEntry> {
  const parts = /^(?:(?:inst_)?([a-z2-7]{1,16}):)?([0-9]{1,15})$/.exec(wanted);
  if (parts === null) {
    throw new AcpError('usage', `"${wanted}" does not name a record.`, {
      fix: 'Use the name that logs list shows, such as abcdef:12.',
    });
  }
  const found = await findRecord(paths, proxy, { instance: parts[1] ?? '', seq: Number(parts[2]) });
  const [entry, ...others] = found;
  if (entry === undefined) {
    throw new AcpError('usage', `"${proxy}" has no record ${wanted}.`, { fix: 'See: mcp-acp logs list' });
  }
  if (others.length > 0) {
    throw new AcpError('usage', `${found.length} records have that name.`, {
      fix: `One of: ${found.map(({ record }) => recordId(record)).join(', ')}`,
    });
  }
  return entry;
}
