import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { AcpError } from '@mcp-acp/shared/errors';
import type { Encoder } from '@trpc/server/adapters/ws';
import { type Connection, countOperations, fullConnectionBytes } from '../connection.ts';
import { keepAlive, keepAliveTimes, ping } from '../wire/keep-alive.ts';
import { createLineFrames } from '../wire/line-frames.ts';
import { type CountUnanswered, countUnanswered } from './count-unanswered.ts';
import { holdEarlyStops } from './hold-early-stops.ts';
import { refusalOf } from './refusal.ts';

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
  readonly #unanswered: CountUnanswered;
  #isEnding = false;
  #waiting: (() => void)[] = [];

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    this.#unanswered = countUnanswered(holdEarlyStops(this), () => {
      if (this.#isEnding) socket.end();
    });
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

  /** For the handler that answers this connection and no other. */
  get encoder(): Encoder {
    return this.#unanswered.encoder;
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

  /** Takes nothing more and ends once all calls that have come are answered. Resolves when the connection is gone. */
  finish(): Promise<void> {
    if (this.readyState === closed) return Promise.resolve();
    const gone = new Promise<void>((resolve) => this.once('close', resolve));
    this.#isEnding = true;
    this.#readNoMore();
    if (this.#unanswered.count() === 0) this.#socket.end();
    return gone;
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

  /** The other side is heard out, so that it takes what is still sent to it. */
  #readNoMore(): void {
    this.#socket.removeAllListeners('data');
    this.#socket.resume();
  }

  /** Where the next message would begin cannot be told any more. */
  #giveUp(): void {
    this.send(refusalOf(new AcpError('request_too_large'), null));
    this.#readNoMore();
    this.#socket.end();
  }
}
