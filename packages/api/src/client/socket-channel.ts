import { createConnection } from 'node:net';
import { type AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import { keepAlive, keepAliveTimes, ping, pong } from '../wire/keep-alive.ts';
import { createLineFrames } from '../wire/line-frames.ts';

/** tRPC's own message, as its WebSocket carries it. */
export interface OutgoingOperation {
  readonly method: 'query' | 'mutation' | 'subscription';
  readonly params: { readonly path: string; readonly input: unknown; readonly lastEventId?: string };
}

/** What came for one operation. The last word on it is an `error`, or `data` for what is no subscription, or `stopped`. */
export interface IncomingMessage {
  readonly error?: { readonly message: string; readonly code: number; readonly data: unknown };
  readonly result?: {
    readonly type: 'data' | 'started' | 'stopped';
    readonly data?: unknown;
    readonly id?: string;
  };
}

export interface OperationListener {
  message(message: IncomingMessage): void;
  /** The connection is gone before the last word. */
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
}

export interface ChannelOptions {
  readonly path: string;
  /** What is said when nobody answers there. */
  readonly unreachable: (systemCode: string) => AcpError;
  readonly onClose?: () => void;
}

interface Line {
  send(text: string): void;
  pause(): void;
  resume(): void;
  close(): void;
}

/** Frames from the other side may be larger than those to it: lists and pages of records. Bytes. */
const mostAnswerBytes = 64 * 1024 * 1024;

export function openSocketChannel({ path, unreachable, onClose }: ChannelOptions): SocketChannel {
  const listeners = new Map<number, OperationListener & { readonly isSubscription: boolean }>();
  let nextId = 1;
  let line: Line | undefined;

  const lostAll = (error: AcpError): void => {
    const lost = [...listeners.values()];
    listeners.clear();
    for (const listener of lost) listener.lost(error);
  };

  const take = (bytes: Buffer): void => {
    let message: IncomingMessage & { readonly id?: unknown };
    try {
      message = JSON.parse(bytes.toString('utf8'));
    } catch {
      line?.close();
      return;
    }
    const { id } = message;
    const listener = typeof id === 'number' ? listeners.get(id) : undefined;
    if (listener === undefined || typeof id !== 'number') return;
    const { error, result } = message;
    if (error !== undefined || result?.type === 'stopped' || !listener.isSubscription) listeners.delete(id);
    listener.message(message);
  };

  const connect = (): Line => {
    const socket = createConnection(path);
    let failure = 'closed';
    const alive = keepAlive(keepAliveTimes, {
      ask: () => socket.write(`${ping}\n`),
      gone: () => {
        failure = 'ETIMEDOUT';
        socket.destroy();
      },
    });
    const frames = createLineFrames((bytes) => {
      const word = bytes.length === ping.length ? bytes.toString('latin1') : '';
      if (word === ping) socket.write(`${pong}\n`);
      else if (word !== pong) take(bytes);
    }, mostAnswerBytes);
    socket.on('data', (chunk: Buffer) => {
      alive.heard();
      if (!frames.push(chunk)) socket.destroy();
    });
    socket.on('error', (error) => {
      failure = systemErrorCode(error) ?? 'unknown';
    });
    const self: Line = {
      send: (text) => void socket.write(`${text}\n`),
      close: () => socket.destroy(),
      pause: () => void socket.pause(),
      resume: () => {
        alive.heard();
        socket.resume();
      },
    };
    socket.on('close', () => {
      alive.stop();
      if (line !== self) return;
      line = undefined;
      lostAll(unreachable(failure));
      onClose?.();
    });
    return self;
  };

  return {
    start: (operation, listener) => {
      line ??= connect();
      const id = nextId++;
      const isSubscription = operation.method === 'subscription';
      listeners.set(id, { ...listener, isSubscription });
      line.send(JSON.stringify({ id, ...operation }));
      return () => {
        if (!listeners.delete(id)) return;
        if (isSubscription) line?.send(JSON.stringify({ id, method: 'subscription.stop' }));
      };
    },
    pause: () => line?.pause(),
    resume: () => line?.resume(),
    close: () => {
      const closing = line;
      line = undefined;
      closing?.close();
      lostAll(unreachable('closed'));
    },
  };
}
