import type { Writable } from 'node:stream';
import type { End, EndListener } from '../end.ts';
import { createLineReader } from '../framing/line-reader.ts';
import type { ByteSource } from './byte-source.ts';

/** More than this in one burst goes out as separate writes instead of one joined buffer. Bytes. */
const joinBelowBytes = 262_144;

/**
 * More than this waiting for a peer that does not read, and the end is full. It is well above what a peer sends before
 * it looks at its answers, so that its end is seen behind what it sent last. Bytes.
 */
const maxWaitingBytes = 8 * 1024 * 1024;

const newline = Buffer.from('\n');

/** The stdio end of a peer: newline-delimited messages on a pair of streams (MCP "stdio" transport). */
export function createStreamEnd(options: {
  readonly input: ByteSource;
  readonly output: Writable;
  readonly lineLimitBytes: number;
}): End {
  const { input, output, lineLimitBytes } = options;
  let isGone = false;

  const start = (listener: EndListener): void => {
    const reader = createLineReader(lineLimitBytes, listener);
    const gone = (reason: string): void => {
      if (isGone) return;
      isGone = true;
      listener.gone(reason);
    };
    input.start({
      data: reader.push,
      ended: () => {
        reader.end();
        listener.ended();
      },
    });
    output.on('drain', () => listener.drained());
    output.on('error', (error: NodeJS.ErrnoException) => gone(error.code ?? error.message));
    output.once('close', () => gone('closed'));
  };

  return {
    start,
    send: (lines) => {
      if (isGone || output.writableEnded) return true;
      writeLines(output, lines);
      return output.writableLength < maxWaitingBytes;
    },
    pause: input.pause,
    resume: input.resume,
    endSending: () => {
      if (!isGone && !output.writableEnded) output.end();
    },
  };
}

function writeLines(output: Writable, lines: readonly Buffer[]): void {
  let size = 0;
  for (const line of lines) size += line.length + 1;
  if (size <= joinBelowBytes) {
    const joined = Buffer.allocUnsafe(size);
    let at = 0;
    for (const line of lines) {
      joined.set(line, at);
      at += line.length;
      joined[at++] = 0x0a;
    }
    output.write(joined);
    return;
  }
  output.cork();
  for (const line of lines) {
    output.write(line);
    output.write(newline);
  }
  output.uncork();
}
