import { type MessageBytes, memberString } from './message.ts';
import { slot } from './strict/slots.ts';

/** W3C Trace Context, "traceparent": version, trace, parent and flags, of which neither id is all zeros. */
const traceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The trace a message belongs to, as its sender names it in `params._meta.traceparent` (SEP-414): 55 characters, or
 * undefined where it names none that can be one.
 */
export function traceparentOf(message: MessageBytes): string | undefined {
  // Most messages have none: one comparison and done.
  if (message.spans[slot.metaTraceparent * 2] === -1) return undefined;
  const text = memberString(message, slot.metaTraceparent);
  return text !== undefined && traceparent.test(text) ? text : undefined;
}
