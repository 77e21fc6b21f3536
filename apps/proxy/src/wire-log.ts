import type { End } from '@mcp-acp/mcp/end';
import type { Sender } from '@mcp-acp/shared/journal-record';
import type { JsonValue } from '@mcp-acp/shared/json';
import { redactedJson } from '@mcp-acp/shared/redaction';
import type { BoundedLog } from './bounded-log.ts';

/** A longer line is noted by its size alone. Bytes. */
const shownBytes = 16_384;

/**
 * An end whose traffic is written down: one JSON object a line with the time, the peer, the direction and the message,
 * secrets replaced; for a request that gets no answer, its id and why. For `logLevel: debug`; what it writes is a help
 * in finding faults and no record of anything.
 */
export function withWireLog(end: End, peer: Sender, log: BoundedLog): End {
  const note = (direction: 'from' | 'to', line: Buffer): void => {
    const text = `{"time":"${new Date().toISOString()}","${direction}":"${peer}","size":${line.length},"message":${shown(line)}}\n`;
    log.write(Buffer.from(text));
  };
  return {
    ...end,
    start: (listener) =>
      end.start({
        ...listener,
        line: (line, message) => {
          note('from', line);
          listener.line(line, message);
        },
        oversize: (size, remains) => {
          log.write(Buffer.from(`{"from":"${peer}","size":${size},"message":null}\n`));
          listener.oversize(size, remains);
        },
        failed: (id, failure) => {
          const { code, detail } = failure;
          const text = JSON.stringify({ time: new Date().toISOString(), failed: peer, id, code, detail });
          log.write(Buffer.from(`${text}\n`));
          listener.failed(id, failure);
        },
      }),
    send: (lines) => {
      for (const line of lines) note('to', line);
      return end.send(lines);
    },
  };
}

/** The message with secrets replaced; null for what is too long or no JSON, since it cannot be redacted. */
function shown(line: Buffer): string {
  if (line.length > shownBytes) return 'null';
  try {
    return redactedJson(JSON.parse(line.toString('utf8')) as JsonValue);
  } catch {
    return 'null';
  }
}
