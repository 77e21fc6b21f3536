import type { JournalRecord } from '@mcp-acp/shared/journal-record';

const isRfc3339 = (text: string): boolean =>
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,12}Z$/.test(text) && !Number.isNaN(Date.parse(text));

/**
 * One line of a stream as a record, or why it is none. Reading does not verify: it checks only that what every reader
 * relies on (place, time, type) is there.
 */
export function parseRecord(line: string): JournalRecord | { readonly why: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { why: 'it is not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { why: 'it is not an object' };
  const { seq, time, type, instance } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(seq)) return { why: 'it has no number' };
  if (typeof time !== 'string' || !isRfc3339(time)) return { why: 'it has no time' };
  if (typeof type !== 'string' || typeof instance !== 'string') return { why: 'it has no type or instance' };
  // A type of a later version is passed on: what does not know it leaves it out.
  return value as JournalRecord;
}
