import { AcpError } from '@mcp-acp/shared/errors';
import { tracked } from '@trpc/server';
import type { ForwardedOperation } from '../ports/forward.ts';
import { refusalIn } from './errors.ts';
import type { IncomingMessage } from './read-answer.ts';
import type { SocketChannel } from './socket-channel.ts';

export interface ForwardTo {
  /** To the instance. A subscription has a connection of its own, apart from it. */
  readonly channel: SocketChannel;
  readonly answerMs: number;
}

/** Carries one operation to an instance's socket and its answer back, whatever the operation is. */
export function forwardTo({ channel, answerMs }: ForwardTo, operation: ForwardedOperation): Promise<unknown> {
  if (operation.kind !== 'subscription') return forwardCall(channel, operation, answerMs);
  return Promise.resolve(forwardStream(channel.apart(), operation));
}

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
          else reject(refusalIn(error));
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
    }, answerMs).unref();
  });
}

/** Messages that may wait for a slow reader before the instance itself is held up; one of events may carry 256. */
const mostWaiting = 8;

/** On a connection of its own, so that a reader who is slow holds up nobody else. */
async function* forwardStream(
  channel: SocketChannel,
  { path, input, signal }: ForwardedOperation,
): AsyncGenerator<unknown> {
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
        if (message.error !== undefined) return end(refusalIn(message.error));
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
