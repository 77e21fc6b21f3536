import type { Journal } from '@mcp-acp/audit/journal';
import type { RecordBody } from '@mcp-acp/shared/journal-record';

/**
 * Queues a record and returns its seq, or undefined where the journal takes none. What depends on the record must not
 * go on then.
 */
export function appendRecord(journal: Journal, body: RecordBody, durable = false): number | undefined {
  try {
    return journal.append(body, { durable });
  } catch {
    return undefined;
  }
}
