import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import type { InstanceId } from '@mcp-acp/shared/ids';
import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';

/** A message between a proxy and its server, as the proxy wrote it down: secrets replaced, `null` where it was too long. */
export interface WireEntry {
  /** As the proxy saw it. */
  readonly direction: 'sent' | 'received';
  /** RFC 3339. */
  readonly time?: string;
  readonly size: number;
  readonly message: JsonValue;
}

/** What one instance wrote down of the wire to its server, where `logLevel` is `debug`; nothing where it did not. */
export function readWireLog(paths: HomePaths, name: string, instance: InstanceId): readonly WireEntry[] {
  let text: string;
  try {
    text = readFileSync(join(paths.debugDir(name), `${instance}.jsonl`), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const entry = parsed(line);
    if (!isJsonObject(entry) || typeof entry.size !== 'number') return [];
    const { from, to, time, size, message = null } = entry;
    if (from !== 'server' && to !== 'server') return [];
    const direction = to === 'server' ? 'sent' : 'received';
    return [{ direction, ...(typeof time === 'string' ? { time } : {}), size, message }];
  });
}

function parsed(line: string): JsonValue {
  try {
    return JSON.parse(line) as JsonValue;
  } catch {
    // The last line of a log that was cut off, or the mark that it is full.
    return null;
  }
}
