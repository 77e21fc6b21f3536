import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync } from 'node:fs';
import { atomicWrite } from '@mcp-acp/config/atomic-write';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { mostMarks, noMarks, type StoredMarks } from './read-marks.ts';
import type { SecretDigest } from './secrets.ts';

/** Version of the file's format. */
const format = 1;
const mostBytes = 256 * 1024;
const mostEntries = 100;

export interface StoredSession {
  readonly id: string;
  readonly cookie: SecretDigest;
  readonly token: SecretDigest;
  /** Milliseconds since the epoch, as are all times here. */
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly userAgent?: string;
}

export interface StoredToken {
  readonly id: string;
  readonly scope: 'metrics';
  readonly name?: string;
  readonly digest: SecretDigest;
  readonly createdAt: number;
}

export interface Stored {
  readonly sessions: readonly StoredSession[];
  readonly tokens: readonly StoredToken[];
  readonly marks: StoredMarks;
}

export type ReadAccess =
  | { readonly state: 'read'; readonly stored: Stored }
  | { readonly state: 'absent' }
  /** It was written by a newer version, and is left alone. */
  | { readonly state: 'newer' }
  | { readonly state: 'damaged'; readonly why: string };

/** Reads `access.json`: hashes of what pages and scrapers show, and which incidents have been seen. */
export function readAccess(file: string): ReadAccess {
  let text: string;
  try {
    text = readOwnFile(file);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return { state: 'absent' };
    return { state: 'damaged', why: error instanceof Error ? error.message : String(error) };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { state: 'damaged', why: 'it is not JSON' };
  }
  if (!isJsonObject(value) || !Number.isSafeInteger(value.format)) {
    return { state: 'damaged', why: 'it has no format version' };
  }
  if (Number(value.format) > format) return { state: 'newer' };
  const sessions = listOf(value.sessions, sessionOf);
  const tokens = listOf(value.tokens, tokenOf);
  if (value.format !== format || sessions === undefined || tokens === undefined) {
    return { state: 'damaged', why: 'an entry is not of the form it should have' };
  }
  return { state: 'read', stored: { sessions, tokens, marks: marksOf(value.marks) } };
}

/** Puts a damaged file aside, so that nobody is let in by it and it can still be looked at. Returns where it is. */
export function setAside(file: string, now: number): string {
  const aside = `${file}.damaged-${now}`;
  renameSync(file, aside);
  return aside;
}

/** Throws Node's error; the file is then as it was. */
export function writeAccess(file: string, { sessions, tokens, marks }: Stored): void {
  const content = {
    format,
    sessions: sessions.map(({ cookie, token, createdAt, lastSeenAt, ...session }) => ({
      ...session,
      cookie: cookie.toString('hex'),
      token: token.toString('hex'),
      createdAt,
      lastSeenAt,
    })),
    tokens: tokens.map(({ digest, ...token }) => ({ ...token, digest: digest.toString('hex') })),
    marks,
  };
  atomicWrite(file, `${JSON.stringify(content, null, 2)}\n`);
}

/** Who could write the file could let themselves in, so it must be the user's own and no one else's. */
function readOwnFile(file: string): string {
  const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = fstatSync(handle);
    if (!found.isFile()) throw new AcpError('config_invalid', 'it is not a file');
    if (process.getuid !== undefined && found.uid !== process.getuid()) {
      throw new AcpError('config_invalid', 'it belongs to another user');
    }
    if ((found.mode & 0o022) !== 0) throw new AcpError('config_invalid', 'other users can write it');
    if (found.size > mostBytes) throw new AcpError('config_invalid', 'it is too large');
    return readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
}

function listOf<Entry>(
  value: JsonValue | undefined,
  entryOf: (value: JsonObject) => Entry | undefined,
): Entry[] | undefined {
  if (!Array.isArray(value) || value.length > mostEntries) return undefined;
  const entries: Entry[] = [];
  for (const member of value) {
    const entry = isJsonObject(member) ? entryOf(member) : undefined;
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  return entries;
}

function sessionOf(value: JsonObject): StoredSession | undefined {
  const { id, createdAt, lastSeenAt, userAgent } = value;
  const cookie = stored(value.cookie);
  const token = stored(value.token);
  if (!isName(id) || cookie === undefined || token === undefined) return undefined;
  if (!isTime(createdAt) || !isTime(lastSeenAt)) return undefined;
  if (userAgent !== undefined && typeof userAgent !== 'string') return undefined;
  return { id, cookie, token, createdAt, lastSeenAt, ...(userAgent === undefined ? {} : { userAgent }) };
}

function tokenOf(value: JsonObject): StoredToken | undefined {
  const { id, scope, name, createdAt } = value;
  const digest = stored(value.digest);
  if (!isName(id) || digest === undefined || scope !== 'metrics' || !isTime(createdAt)) return undefined;
  if (name !== undefined && typeof name !== 'string') return undefined;
  return { id, scope, digest, createdAt, ...(name === undefined ? {} : { name }) };
}

/** Marks let nobody in: where they cannot be read, nothing has been seen. */
function marksOf(value: JsonValue | undefined): StoredMarks {
  if (value === undefined || !isJsonObject(value)) return noMarks;
  const { until, ids } = value;
  if (!isTime(until) || !Array.isArray(ids)) return noMarks;
  const names = ids.filter((id) => typeof id === 'string' && id.length <= 128);
  return { until, ids: names.slice(-mostMarks) as string[] };
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z0-9_]{1,64}$/.test(value);

/** A time that `Date` can show. */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 8.64e15;

const stored = (value: unknown): SecretDigest | undefined =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? Buffer.from(value, 'hex') : undefined;
