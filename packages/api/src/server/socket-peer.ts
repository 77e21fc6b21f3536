import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { AcpError } from '@mcp-acp/shared/errors';
import { errorWords, trpcErrorOf } from '../access/error-shape.ts';
import { type Connection, countOperations, fullConnectionBytes } from '../connection.ts';
import { keepAlive, keepAliveTimes, ping } from '../wire/keep-alive.ts';
import { createLineFrames } from '../wire/line-frames.ts';

const open = 1;
const closed = 3;

/**
 * A connection to a Unix socket in the shape of the WebSocket that tRPC's connection handler answers: a line is a
 * message. Emits `message`, `close` and `error`.
 */
export class SocketPeer extends EventEmitter implements Connection {
  readyState = open;
  readonly enter = countOperations();
  readonly #socket: Socket;
  #waiting: (() => void)[] = [];

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    const alive = keepAlive(keepAliveTimes, { ask: () => this.send(ping), gone: () => socket.destroy() });
    const frames = createLineFrames((line) => this.emit('message', line, false));
    socket.on('data', (chunk: Buffer) => {
      alive.heard();
      if (!frames.push(chunk)) this.#giveUp();
    });
    socket.on('drain', () => this.#release());
    socket.on('error', (error) => this.emit('error', error));
    socket.on('close', () => {
      alive.stop();
      this.readyState = closed;
      this.#release();
      this.emit('close');
    });
  }

  send(text: string): void {
    if (this.readyState === open && this.#socket.writable) this.#socket.write(`${text}\n`);
  }

  close(): void {
    this.#socket.end();
  }

  terminate(): void {
    this.#socket.destroy();
  }

  drained(): Promise<void> {
    const isFull = this.readyState === open && this.#socket.writableLength > fullConnectionBytes;
    return isFull ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Where the next message would begin cannot be told any more. */
  #giveUp(): void {
    const error = trpcErrorOf(new AcpError('request_too_large'));
    const data = { code: error.code, httpStatus: 413, words: errorWords(error) };
    this.send(JSON.stringify({ id: null, error: { message: error.message, code: -32013, data } }));
    this.#socket.removeAllListeners('data');
    this.#socket.resume();
    this.#socket.end();
  }
}
