import { hash } from 'node:crypto';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';

/**
 * The byte format of a journal, version 1.
 *
 * A stream is the file `audit/<instance>.<segment>.jsonl` (mode 0600, exactly one writer, segment `0001`): one record
 * a line, nothing else. A line is the canonical JSON (keys sorted by UTF-16 code units, no white space) of a record
 * without its `hash`, in which the closing brace is replaced by `,"hash":"<64 hex>"}`, and a newline (0x0A).
 *
 *     hash = SHA-256( "mcp-acp journal 1\n" ‖ log id ‖ "\n" ‖ prev ‖ "\n" ‖ every byte of the line before `,"hash":"` )
 *
 * The log id is `<proxy id>/<instance>.<segment>`, `prev` the 64 hex digits of the hash of the record before it, or of
 * the ledger entry that opened the stream for the first record, and is also a member of the record.
 *
 * Behind the last record of a stream that is not closed there may be NULs: space its writer has reserved by writing
 * zeros, which the next records overwrite from the front. They are no part of the log: no hash covers them, readers pass
 * over them, closing the stream cuts them, and behind the end of a closed stream they are tampering. A crash may leave
 * the beginning of one more record before them (a torn tail). Any byte there that is neither of a record's beginning
 * right behind the last record nor NUL is tampering.
 *
 * The ledger is the folder `audit/ledger/` of files `00000001.json`, `00000002.json`, …, each one line of the same form
 * with the tag `mcp-acp ledger 1`, the proxy id as log id, and 64 zeros before the first entry. `ledger/head` holds the
 * number and hash of an entry that existed once (it may lag behind), so that the removal of the last entry shows.
 */
export const journalFormat = 1;

const journalTag = 'mcp-acp journal 1';
const ledgerTag = 'mcp-acp ledger 1';

/** What precedes the previous hash in the hashed bytes of a stream's records. */
export const streamHashHead = (proxyId: ProxyId, streamId: string): string =>
  `${journalTag}\n${proxyId}/${streamId}\n`;

/** The same for the ledger's entries. */
export const ledgerHashHead = (proxyId: ProxyId): string => `${ledgerTag}\n${proxyId}\n`;

/** Hash of a record: `body` is its line up to, but without, `,"hash":"`. 64 hex digits. */
export const chainHash = (head: string, prev: string, body: string): string =>
  hash('sha256', `${head}${prev}\n${body}`, 'hex');

/** What stands between a record's hashed bytes and its hash, and after the hash. */
export const hashMark = ',"hash":"';
export const hashEnd = '"}\n';
/** Bytes of a line after its hashed bytes, the newline included. */
export const hashTailBytes = hashMark.length + 64 + hashEnd.length;

/** The hash before a ledger's first entry. */
export const noHash = '0'.repeat(64);

/** A line longer than this is not written, and is no record when read. Bytes. */
export const maxRecordBytes = 1024 * 1024;

const segmentName = '0001';
const streamPattern = /^(inst_[a-z2-7]{16})\.([0-9]{4})\.jsonl$/;

/** Id of an instance's first stream: its file's name without `.jsonl`. */
export const streamIdOf = (instance: InstanceId): string => `${instance}.${segmentName}`;

export const streamFileName = (streamId: string): string => `${streamId}.jsonl`;

/** The parts of a stream's file name, or undefined where a name is not one. */
export function parseStreamFileName(name: string): { streamId: string; instance: InstanceId } | undefined {
  const match = streamPattern.exec(name);
  if (match === null) return undefined;
  return { streamId: `${match[1]}.${match[2]}`, instance: match[1] as InstanceId };
}
