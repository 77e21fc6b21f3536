import { writeSync } from 'node:fs';
import { systemErrorCode } from '@mcp-acp/shared/errors';
import { safeJson } from './safe-json.ts';

/** The one place that prints. Results go to stdout, everything said about them to stderr. */
export interface Printer {
  result(lines: readonly string[]): void;
  /** One JSON document. */
  json(value: unknown): void;
  /** One JSON document on one line, of many. */
  jsonLine(value: unknown): void;
  note(lines: readonly string[]): void;
}

export function createPrinter(): Printer {
  const lines = (texts: readonly string[]) => texts.map((text) => `${text}\n`).join('');
  return {
    result: (texts) => write(1, lines(texts)),
    json: (value) => write(1, `${safeJson(value, 2)}\n`),
    jsonLine: (value) => write(1, `${safeJson(value)}\n`),
    note: (texts) => write(2, lines(texts)),
  };
}

/** Synchronous, so that nothing is lost when the process ends right after. */
function write(descriptor: 1 | 2, text: string): void {
  let rest: Uint8Array = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const code = systemErrorCode(error);
      // The reader has what it wanted (`| head`): that is no failure.
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
      // A pipe that is full and not blocking; wait for its reader without spinning.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
