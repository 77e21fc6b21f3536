import { isUtf8 } from 'node:buffer';
import type { WireEntry } from '@mcp-acp/admin/read-wire-log';
import type { JsonValue } from '@mcp-acp/shared/json';
import { redactedJson, redactText } from '@mcp-acp/shared/redaction';
import { visible } from '@mcp-acp/shared/visible';
import type { Style } from '../../output/style.ts';
import type { Frame } from '../../speak/conversation.ts';

/** What is shown of one message, in characters. */
const shownLength = 2_000;
/** A longer one is not read through for secrets, so nothing of it is shown. Bytes. */
const readBytes = 1024 * 1024;

/** A message behind the proxy on one line, as the proxy wrote it down. */
export function wireLine(entry: WireEntry, beganMs: number, style: Style): string {
  const arrow = entry.direction === 'sent' ? '⇒' : '⇐';
  const at = entry.time === undefined ? '' : `${(Date.parse(entry.time) - beganMs).toFixed(0)} ms`;
  const text = entry.message === null ? '(too long to be written down)' : JSON.stringify(entry.message);
  const head = `${arrow} ${at.padStart(11)} ${`${entry.size} bytes`.padStart(12)}`;
  return `${style.dim(head)}  ${visible(text, shownLength)}`;
}

/** A message on one line: direction, when, how long, and its text without what could be a secret. */
export function frameLine(frame: Frame, style: Style): string {
  const arrow = frame.direction === 'sent' ? '→' : '←';
  const head = `${arrow} ${`${frame.atMs.toFixed(1)} ms`.padStart(11)} ${`${frame.size} bytes`.padStart(12)}`;
  return `${style.dim(head)}  ${shownText(frame)}`;
}

function shownText({ line }: Frame): string {
  if (line === undefined) return '(over the limit, not kept)';
  if (line.length > readBytes) return '(too long to show; --json has it)';
  if (!isUtf8(line)) return '(not UTF-8; --json has its bytes)';
  return visible(withoutSecrets(line.toString('utf8')), shownLength);
}

/** The text as it came, unless it holds what looks like a secret: then laid out anew without it. */
function withoutSecrets(text: string): string {
  try {
    const value = JSON.parse(text) as JsonValue;
    const redacted = redactedJson(value);
    return redacted === JSON.stringify(value) ? text : redacted;
  } catch {
    // No JSON, or nested too deeply to be walked.
    return redactText(text);
  }
}

/** What is kept for `--json`; a server may send without end. */
const mostFrames = 10_000;
const mostFrameBytes = 256 * 1024 * 1024;

/** Keeps messages as they were, whole, up to a bound. */
export function keepFrames(): { keep(frame: Frame): void; data(): object } {
  const frames: Frame[] = [];
  let bytes = 0;
  let dropped = 0;
  return {
    keep: (frame) => {
      if (frames.length >= mostFrames || bytes + frame.size > mostFrameBytes) {
        dropped++;
        return;
      }
      bytes += frame.size;
      frames.push(frame);
    },
    data: () => ({
      frames: frames.map(frameData),
      ...(dropped === 0 ? {} : { droppedFrames: dropped }),
    }),
  };
}

const frameData = ({ direction, atMs, size, line }: Frame): object => ({
  direction,
  atMs: Math.round(atMs * 1000) / 1000,
  size,
  ...(line === undefined
    ? {}
    : isUtf8(line)
      ? { text: line.toString('utf8') }
      : { base64: line.toString('base64') }),
});
