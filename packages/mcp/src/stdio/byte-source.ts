import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** Where bytes come from. */
export interface ByteSource {
  start(listener: ByteListener): void;
  pause(): void;
  resume(): void;
  /** Reads no more and lets go of the descriptor, so that it keeps no process alive. */
  close(): void;
}

export interface ByteListener {
  /** `isReused`: the memory is the source's own and holds other bytes after the call. */
  data(chunk: Buffer, isReused: boolean): void;
  /** No more will come, for whatever reason. */
  ended(): void;
}

/** Bytes of a stream of Node's. */
export const streamSource = (stream: Readable): ByteSource => ({
  start: (listener) => {
    stream.on('data', (chunk: Buffer) => listener.data(chunk, false));
    stream.once('end', listener.ended);
    stream.once('error', listener.ended);
  },
  pause: () => void stream.pause(),
  resume: () => void stream.resume(),
  close: () => void stream.destroy(),
});

const readBytes = 65_536;

/**
 * This process's standard input. A pipe or socket is read into one buffer that is used again for every read, so that
 * input which is thrown away, however much of it, costs no memory. Open it once.
 */
export function openStdin(): ByteSource {
  const kind = fstatSync(0);
  if (!kind.isFIFO() && !kind.isSocket()) return streamSource(process.stdin);
  let socket: Socket | undefined;
  return {
    start: (listener) => {
      // Made here and not before: a socket reads from its first moment on.
      socket = readInto(Buffer.allocUnsafeSlow(readBytes), (chunk) => listener.data(chunk, true));
      socket.once('end', listener.ended);
      socket.once('error', listener.ended);
    },
    pause: () => void socket?.pause(),
    resume: () => void socket?.resume(),
    close: () => void socket?.destroy(),
  };
}

function readInto(buffer: Buffer, data: (chunk: Buffer) => void): Socket {
  const onread = {
    buffer,
    callback: (length: number): boolean => {
      data(buffer.subarray(0, length));
      return true;
    },
  };
  // Typed for connections only, but the constructor takes `onread` for any descriptor.
  const options = { fd: 0, readable: true, writable: false, onread };
  return new Socket(options as ConstructorParameters<typeof Socket>[0]);
}
