import { AcpError } from '@mcp-acp/shared/errors';
import { TRPCClientError } from '@trpc/client';
import { tracked } from '@trpc/server';
import type { ForwardedOperation } from '../ports/forward.ts';
import { acpErrorOf } from './errors.ts';
import { instanceGone } from './proxies-client.ts';
import { type IncomingMessage, openSocketChannel, type SocketChannel } from './socket-channel.ts';

export interface ForwardTo {
  readonly socket: string;
  /** A connection that stands already, for what is no subscription. */
  readonly channel: SocketChannel;
  readonly answerMs: number;
}

/** Carries one operation to an instance's socket and its answer back, whatever the operation is. */
export function forwardTo(
  { socket, channel, answerMs }: ForwardTo,
  operation: ForwardedOperation,
): Promise<unknown> {
  if (operation.kind !== 'subscription') return forwardCall(channel, operation, answerMs);
  return Promise.resolve(forwardStream(socket, operation));
}

const errorOf = (error: NonNullable<IncomingMessage['error']>): AcpError =>
  acpErrorOf(TRPCClientError.from({ error } as never));

function forwardCall(
  channel: SocketChannel,
  operation: ForwardedOperation,
  answerMs: number,
): Promise<unknown> {
  const { kind: method, path, input, proxy } = operation;
  return new Promise((resolve, reject) => {
    const stop = channel.start(
      { method, params: { path, input } },
      {
        message: ({ error, result }) => {
          clearTimeout(timer);
          if (error === undefined) resolve(result?.data);
          else reject(errorOf(error));
        },
        lost: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      },
    );
    const timer = setTimeout(() => {
      stop();
      reject(
        new AcpError(
          'proxy_unanswering',
          `The proxy "${proxy}" did not answer within ${answerMs / 1000} seconds.`,
        ),
      );
    }, answerMs);
  });
}

/** Messages that may wait for a slow reader before the instance itself is held up. */
const mostWaiting = 256;

/** On a connection of its own, so that a reader who is slow holds up nobody else. */
async function* forwardStream(socket: string, operation: ForwardedOperation): AsyncGenerator<unknown> {
  const { path, input, proxy, signal } = operation;
  const channel = openSocketChannel({ path: socket, unreachable: (code) => instanceGone(proxy, code) });
  const waiting: IncomingMessage[] = [];
  let failure: AcpError | undefined;
  let isOver = false;
  let wake = (): void => undefined;
  const end = (error?: AcpError): void => {
    failure ??= error;
    isOver = true;
    wake();
  };
  const abort = (): void => end();
  signal?.addEventListener('abort', abort, { once: true });
  channel.start(
    { method: 'subscription', params: { path, input } },
    {
      message: (message) => {
        if (message.error !== undefined) return end(errorOf(message.error));
        if (message.result?.type === 'stopped') return end();
        if (message.result?.type !== 'data') return;
        waiting.push(message);
        if (waiting.length === mostWaiting) channel.pause();
        wake();
      },
      lost: end,
    },
  );
  try {
    for (;;) {
      const message = waiting.shift();
      if (message !== undefined) {
        if (waiting.length === 0) channel.resume();
        yield itemOf(message);
      } else if (failure !== undefined) throw failure;
      else if (isOver) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    channel.close();
  }
}

/** What carried an id keeps it: `data` then holds both. */
function itemOf({ result }: IncomingMessage): unknown {
  const data = result?.data;
  if (result?.id === undefined) return data;
  return tracked(result.id, (data as { readonly data: unknown }).data);
}
