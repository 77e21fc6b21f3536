/** Every bound that more than one room needs. Sizes are bytes, times are milliseconds. */
export const limits = {
  /** One line on a stdio wire, its newline excluded. */
  messageBytes: 32 * 1024 * 1024,
  /** Objects and arrays inside one another in one message. */
  nestingDepth: 64,
  /** A request id that is a string, in characters. */
  requestIdLength: 1024,
  /** Requests of one direction that wait for an answer at once. */
  inFlight: 16_384,
  /** Members of one batch (revision 2025-03-26 only). */
  batchMembers: 1024,
  /** Redacted arguments of one call in the payload store. */
  payloadBytes: 8 * 1024,
  /** The same, where `audit.payloads` is `full`. */
  fullPayloadBytes: 1024 * 1024,
  /** Text of a foreign party (tool names, client names, methods) quoted in a record or a message. */
  quotedText: 256,
  /** Arguments of a call that waits for a person, as one answer of the API holds them. UTF-16 units of JSON text. */
  argumentsPage: 128 * 1024,
  /** What a backend writes on stderr, kept in its log. */
  stderrLogBytes: 1024 * 1024,
  /** Both wires of one instance, kept where `logLevel` is `debug`. */
  wireLogBytes: 8 * 1024 * 1024,
  /** Longest a backend may stay silent on a call before it is answered as timed out; 0 would mean for ever. */
  callIdleMs: 300_000,
  /** As long as a backend waits for the client's answer to something it asked, it may be silent, but not longer than this. */
  questionMs: 600_000,
  /** How long after its cancellation a call may still be answered before it counts as cancelled. */
  cancelledLingerMs: 5_000,
  /** From asking a backend's process group to end until it is ended by force. */
  terminateGraceMs: 1_000,
} as const;
