import * as fs from 'node:fs';
import { join } from 'node:path';
import type { InstanceId } from '@mcp-acp/shared/ids';
import { limits } from '@mcp-acp/shared/limits';
import { payloadDigest, payloadFileName } from './payload-store.ts';
import { linesForward, openForReading } from './read-lines.ts';

/** A whole payload as a JSON string: at worst every one of its characters is an escape. */
const maxLineBytes = 6 * limits.fullPayloadBytes + 1024;

/**
 * The payload a record cites, as JSON text that may be cut, or undefined where it was deleted, lost, or does not match
 * its digest. `instance`, the record's own, spares the search through the files of all others.
 */
export function readPayload(dir: string, digest: string, instance?: InstanceId): string | undefined {
  if (!/^[0-9a-f]{64}$/.test(digest)) return undefined;
  for (const name of instance === undefined ? listFiles(dir) : [payloadFileName(instance)]) {
    const payload = search(join(dir, name), digest);
    if (payload !== undefined) return payload;
  }
  return undefined;
}

function listFiles(dir: string): string[] {
  try {
    return fs.readdirSync(dir).filter((name) => name.endsWith('.jsonl'));
  } catch {
    return [];
  }
}

function search(path: string, digest: string): string | undefined {
  let fd: number;
  try {
    fd = openForReading(path);
  } catch {
    return undefined;
  }
  try {
    const start = `{"digest":"${digest}"`;
    for (const { text } of linesForward(fd, 0, maxLineBytes)) {
      if (text === undefined || !text.startsWith(start)) continue;
      const payload = matching(text, digest);
      if (payload !== undefined) return payload;
    }
    return undefined;
  } finally {
    fs.closeSync(fd);
  }
}

function matching(line: string, digest: string): string | undefined {
  try {
    const { payload, salt } = JSON.parse(line) as Record<string, unknown>;
    if (typeof payload !== 'string' || typeof salt !== 'string') return undefined;
    return payloadDigest(salt, payload) === digest ? payload : undefined;
  } catch {
    return undefined;
  }
}
