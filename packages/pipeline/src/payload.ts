import type { JsonValue } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';
import { redactedJson } from '@mcp-acp/shared/redaction';

export type PayloadMode = 'arguments' | 'full' | 'none';

/**
 * What the payload store keeps of a value: its JSON with secrets replaced, and where that is longer than the mode
 * allows, its beginning as text with its length.
 */
export function payloadText(value: JsonValue, mode: Exclude<PayloadMode, 'none'>): string {
  const maxLength = mode === 'full' ? limits.fullPayloadBytes : limits.payloadBytes;
  const text = redactedJson(value);
  if (text.length * 3 <= maxLength || Buffer.byteLength(text) <= maxLength) return text;
  const head = Buffer.from(text)
    .toString('utf8', 0, maxLength)
    .replace(/\uFFFD$/u, '');
  return JSON.stringify({ truncated: true, bytes: Buffer.byteLength(text), head });
}
