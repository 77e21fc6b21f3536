import { closeSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { payloadDigest, payloadFileName } from '@mcp-acp/audit/payload-store';
import { type Line, linesForward, openForReading } from '@mcp-acp/audit/read-lines';
import type { InstanceId } from '@mcp-acp/shared/ids';
import { isJsonObject, type JsonObject } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';
import { redacted } from '@mcp-acp/shared/redaction';

/** What is left of the arguments of a recorded call. */
export type PastArguments =
  | { readonly state: 'whole'; readonly value: JsonObject }
  /** Something in it was replaced because it looked like a secret. */
  | { readonly state: 'redacted'; readonly value: JsonObject }
  /** Deleted, lost, cut, or not what its digest says. */
  | { readonly state: 'gone' };

/** The payloads of one instance, for readers that ask for them in about the order in which they were stored. */
export interface PastPayloads {
  read(digest: string): PastArguments;
  close(): void;
}

/** A whole payload as a JSON string: at worst every one of its characters is an escape. */
const maxLineBytes = 6 * limits.fullPayloadBytes + 1024;
/** Places remembered of payloads that were passed by; more are gone. */
const maxPlaces = 1_000_000;
const start = '{"digest":"';
const gone: PastArguments = { state: 'gone' };

/** Reads the file once, forward; only what was passed by is read a second time. Nothing here throws. */
export function openPastPayloads(dir: string, instance: InstanceId): PastPayloads {
  const fd = tryOpen(join(dir, payloadFileName(instance)));
  const lines = fd === undefined ? undefined : linesForward(fd, 0, maxLineBytes);
  const passed = new Map<string, { readonly offset: number; readonly bytes: number }>();

  const scanTo = (digest: string): string | undefined => {
    for (let line = nextOf(lines); line !== undefined; line = nextOf(lines)) {
      const { text, offset, next } = line;
      if (text === undefined || !text.startsWith(start)) continue;
      const found = text.slice(start.length, start.length + 64);
      if (found === digest) return text;
      if (passed.size < maxPlaces) passed.set(found, { offset, bytes: next - offset - 1 });
    }
    return undefined;
  };

  const readAgain = (digest: string): string | undefined => {
    const place = passed.get(digest);
    if (place === undefined || fd === undefined) return undefined;
    const bytes = Buffer.allocUnsafe(place.bytes);
    return readSync(fd, bytes, 0, place.bytes, place.offset) === place.bytes ? bytes.toString() : undefined;
  };

  return {
    read: (digest) => {
      try {
        const line = readAgain(digest) ?? scanTo(digest);
        return line === undefined ? gone : argumentsIn(line, digest);
      } catch {
        return gone;
      }
    },
    close: () => {
      if (fd !== undefined) closeSync(fd);
    },
  };
}

function tryOpen(path: string): number | undefined {
  try {
    return openForReading(path);
  } catch {
    return undefined;
  }
}

function nextOf(lines: Generator<Line> | undefined): Line | undefined {
  const next = lines?.next();
  return next === undefined || next.done === true ? undefined : next.value;
}

function argumentsIn(line: string, digest: string): PastArguments {
  const { payload, salt } = JSON.parse(line) as Record<string, unknown>;
  if (typeof payload !== 'string' || typeof salt !== 'string') return gone;
  if (payloadDigest(salt, payload) !== digest) return gone;
  const value: unknown = JSON.parse(payload);
  if (!isJsonObject(value) || isCut(value)) return gone;
  return { state: payload.includes(redacted) ? 'redacted' : 'whole', value };
}

/** What the store keeps of arguments that are too long. Arguments that look alike are taken for it. */
const isCut = (value: JsonObject): boolean => value.truncated === true && typeof value.head === 'string';
