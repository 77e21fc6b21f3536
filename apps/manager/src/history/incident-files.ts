import { hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import type { IncidentRows } from '@mcp-acp/db/incidents';
import { type ErrorCode, errorTable } from '@mcp-acp/shared/errors';
import { type InstanceId, isInstanceId, isProxyId, type ProxyId } from '@mcp-acp/shared/ids';
import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { proxyNameProblem } from '@mcp-acp/shared/proxy-name';
import { type HistoryIncident, mostDetail } from './incident-report.ts';

export interface IncidentFilesOptions {
  readonly paths: Pick<HomePaths, 'incidents'>;
  readonly rows: Pick<IncidentRows, 'add'>;
  /** Lines of a time before this are not taken: they would be removed again. Milliseconds since the epoch. */
  readonly oldest: () => number;
  /** Told of what came while this looks, not of what was there at the first look. */
  readonly tell: (incident: HistoryIncident) => void;
}

/** So much is read of a file at once; of a longer one the end. */
const mostBytes = 256 * 1024;

interface ReadIncident {
  readonly time: number;
  readonly code: ErrorCode;
  readonly detail: string;
  /** Names of the instance as far as the line has them: a start that failed early has no more than the proxy's name. */
  readonly name?: string;
  readonly id?: ProxyId;
  readonly instance?: InstanceId;
}

interface Followed {
  readonly file: string;
  /** Written over in place, so that it is read whole whenever it has changed. */
  readonly whole: boolean;
  offset: number;
  seen: string;
}

/** Reads what could not go into a journal: starts that failed, crashes, and what was told when no journal could be written. */
export function followIncidentFiles({ paths, rows, oldest, tell }: IncidentFilesOptions): { look(): void } {
  const { bootstrap, shutdowns, crashes, emergency } = paths.incidents;
  const followed: Followed[] = [
    ...[bootstrap, shutdowns, crashes].map((file) => ({ file, whole: false, offset: 0, seen: '' })),
    { file: emergency, whole: true, offset: 0, seen: '' },
  ];
  let isFirst = true;

  const take = ({ file, whole }: Followed, line: string): void => {
    const read = readLine(line);
    if (read === undefined || read.time < oldest()) return;
    const { time, code, detail, name, id, instance } = read;
    const isNew = rows.add({
      id: `${basename(file, '.jsonl')}:${hash('sha256', line.trimEnd(), 'hex').slice(0, 24)}`,
      time,
      source: 'file',
      code,
      detail,
      proxy: id ?? null,
      proxyName: name ?? null,
      instance: instance ?? null,
    });
    // What is in the file that is written over, its instance has told by itself.
    if (!isNew || isFirst || whole) return;
    if (name === undefined || id === undefined) tell({ code, detail });
    else tell({ proxy: { id, name, ...(instance === undefined ? {} : { instance }) }, code, detail });
  };

  return {
    look: () => {
      for (const place of followed) for (const line of newLines(place)) take(place, line);
      isFirst = false;
    },
  };
}

/** Lines that have come since the last look. A file that cannot be read has none. */
function newLines(place: Followed): readonly string[] {
  let fd: number;
  try {
    fd = openSync(place.file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return [];
  }
  try {
    const stat = fstatSync(fd);
    const seen = `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
    if (!stat.isFile() || seen === place.seen) return [];
    if (place.whole || stat.size < place.offset) place.offset = 0;
    const from = Math.max(place.offset, stat.size - mostBytes);
    const buffer = Buffer.alloc(stat.size - from);
    const bytes = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, from));
    const end = bytes.lastIndexOf(0x0a) + 1;
    place.seen = seen;
    // A line longer than all that is read at once is passed over.
    place.offset = end === 0 && bytes.length === mostBytes ? from + bytes.length : from + end;
    return bytes.subarray(0, end).toString('utf8').split('\n');
  } catch {
    return [];
  } finally {
    closeSync(fd);
  }
}

function readLine(line: string): ReadIncident | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(line) as JsonValue;
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const { time: written, code, detail, proxyId, proxyName, instance } = value;
  const time = typeof written === 'string' ? Date.parse(written) : Number.NaN;
  if (Number.isNaN(time) || typeof code !== 'string' || !Object.hasOwn(errorTable, code)) return undefined;
  const isNamed = typeof proxyName === 'string' && proxyNameProblem(proxyName) === undefined;
  return {
    time,
    code: code as ErrorCode,
    detail: (typeof detail === 'string' ? detail : '').slice(0, mostDetail),
    ...(isNamed ? { name: proxyName } : {}),
    ...(typeof proxyId === 'string' && isProxyId(proxyId) ? { id: proxyId } : {}),
    ...(typeof instance === 'string' && isInstanceId(instance) ? { instance } : {}),
  };
}
