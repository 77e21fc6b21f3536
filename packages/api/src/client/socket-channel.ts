import { createConnection } from 'node:net';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import { keepAlive, keepAliveTimes, ping, pong } from '../wire/keep-alive.ts';
import { createLineFrames, mostFrameBytes } from '../wire/line-frames.ts';
import { acpErrorOf, refusalIn } from './errors.ts';
import { type IncomingMessage, readAnswer } from './read-answer.ts';

/** tRPC's own message, as its WebSocket carries it. */
export interface OutgoingOperation {
  readonly method: 'query' | 'mutation' | 'subscription';
  readonly params: { readonly path: string; readonly input: unknown; readonly lastEventId?: string };
}

export interface OperationListener {
  message(message: IncomingMessage): void;
  /** There is no connection, or it is gone before the last word. */
  lost(error: AcpError): void;
}

/** One connection to a socket of ours, carrying any number of operations. Opened by the first, and again after it was lost. */
export interface SocketChannel {
  /** Returns how to end it early. */
  start(operation: OutgoingOperation, listener: OperationListener): () => void;
  /** Reads nothing until `resume`: the other side is held up, and with it every operation on this connection. */
  pause(): void;
  resume(): void;
  close(): void;
  /** Closes once nothing is under way. Keeps the process alive no longer. */
  finish(): void;
  /** Another connection to the same place. */
  apart(): SocketChannel;
}

export interface ChannelOptions {
  readonly path: string;
  /** What is said when nobody answers there. */
  readonly unreachable: (systemCode: string) => AcpError;
  /** Looks, before each connection, at what is there and whose it is. Throws AcpError where it is not to be used. */
  readonly check?: ((path: string) => 'there' | 'absent') | undefined;
}

interface Line {
  send(text: string): void;
  pause(): void;
  resume(): void;
  close(): void;
  unref(): void;
}

/** Frames from the other side may be larger than those to it: lists and pages of records. Bytes. */
const mostAnswerBytes = 64 * 1024 * 1024;

export function openSocketChannel(options: ChannelOptions): SocketChannel {
  const { path, unreachable, check } = options;
  const listeners = new Map<number, OperationListener & { readonly isSubscription: boolean }>();
  let nextId = 1;
  let line: Line | undefined;
  let isFinishing = false;

  const lostAll = (error: AcpError): void => {
    const lost = [...listeners.values()];
    listeners.clear();
    for (const listener of lost) listener.lost(error);
  };

  const close = (): void => {
    const closing = line;
    line = undefined;
    closing?.close();
    lostAll(unreachable('closed'));
  };

  const closeIfFinished = (): void => {
    if (isFinishing && listeners.size === 0) close();
  };

  /** Throws AcpError where the connection is good for nothing any more, and whatever a listener does. */
  const take = (bytes: Buffer): void => {
    const answer = readAnswer(bytes);
    if (answer === undefined) throw new AcpError('bad_frame');
    if (answer.about === 'connection') throw refusalIn(answer.error);
    const { id, message } = answer;
    const listener = listeners.get(id);
    if (listener === undefined) return;
    const { error, result } = message;
    if (error !== undefined || result?.type === 'stopped' || !listener.isSubscription) listeners.delete(id);
    listener.message(message);
    closeIfFinished();
  };

  const connect = (): Line => {
    if (check?.(path) === 'absent') throw unreachable('ENOENT');
    const socket = createConnection(path);
    let failure = 'closed';
    let reason: AcpError | undefined;
    const alive = keepAlive(keepAliveTimes, {
      ask: () => socket.write(`${ping}\n`),
      gone: () => {
        failure = 'ETIMEDOUT';
        socket.destroy();
      },
    });
    const giveUp = (error: unknown): void => {
      reason ??= acpErrorOf(error);
      socket.destroy();
    };
    const frames = createLineFrames((bytes) => {
      // What came behind the words that ended it is not looked at.
      if (socket.destroyed) return;
      const word = bytes.length === ping.length ? bytes.toString('latin1') : '';
      if (word === pong) return;
      if (word === ping) return void socket.write(`${pong}\n`);
      try {
        take(bytes);
      } catch (error) {
        giveUp(error);
      }
    }, mostAnswerBytes);
    socket.on('data', (chunk: Buffer) => {
      alive.heard();
      if (!frames.push(chunk)) giveUp(new AcpError('bad_frame', 'The answer is larger than the limit.'));
    });
    socket.on('error', (error) => {
      failure = systemErrorCode(error) ?? 'unknown';
    });
    const self: Line = {
      send: (text) => void socket.write(`${text}\n`),
      close: () => socket.destroy(),
      unref: () => void socket.unref(),
      pause: () => {
        socket.pause();
        alive.pause();
      },
      resume: () => {
        alive.heard();
        socket.resume();
      },
    };
    socket.on('close', () => {
      alive.stop();
      if (line !== self) return;
      line = undefined;
      lostAll(reason ?? unreachable(failure));
    });
    return self;
  };

  return {
    start: (operation, listener) => {
      const id = nextId++;
      const text = JSON.stringify({ id, ...operation });
      const isSubscription = operation.method === 'subscription';
      listeners.set(id, { ...listener, isSubscription });
      try {
        // The other side would end the connection, and every operation on it.
        if (Buffer.byteLength(text) > mostFrameBytes) throw new AcpError('request_too_large');
        line ??= connect();
        line.send(text);
      } catch (error) {
        queueMicrotask(() => {
          if (listeners.delete(id)) listener.lost(acpErrorOf(error));
        });
      }
      return () => {
        if (!listeners.delete(id)) return;
        if (isSubscription) line?.send(JSON.stringify({ id, method: 'subscription.stop' }));
        closeIfFinished();
      };
    },
    pause: () => line?.pause(),
    resume: () => line?.resume(),
    close,
    finish: () => {
      isFinishing = true;
      line?.unref();
      closeIfFinished();
    },
    apart: () => openSocketChannel(options),
  };
}
