import { AcpError } from '@mcp-acp/shared/errors';
import { TRPCClientError, type TRPCLink } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import { observable } from '@trpc/server/observable';
import type { SocketChannel } from './socket-channel.ts';

/** What is said when an operation has had no answer in time. Milliseconds. */
export type Unanswering = (path: string, answerMs: number) => AcpError;

export interface SocketLinkOptions {
  /** The connection for an operation. Throws AcpError where there is none. */
  readonly channel: (operation: { readonly path: string; readonly input: unknown }) => SocketChannel;
  /** How long a query or a mutation may take; a subscription is over when it is over. Milliseconds. */
  readonly answerMs: number;
  readonly unanswering: Unanswering;
}

/** A terminating link that carries operations over Unix sockets, in tRPC's own messages. Errors come at once. */
export function socketLink<Router extends AnyTRPCRouter>({
  channel,
  answerMs,
  unanswering,
}: SocketLinkOptions): TRPCLink<Router> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        const { type: method, path, input, signal } = op;
        const isSubscription = method === 'subscription';
        let timer: NodeJS.Timeout | undefined;
        let stop = (): void => undefined;
        const fail = (error: AcpError): void => {
          clearTimeout(timer);
          observer.error(TRPCClientError.from(error));
        };
        try {
          stop = channel({ path, input }).start(
            { method, params: { path, input } },
            {
              message: ({ error, result }) => {
                if (!isSubscription) clearTimeout(timer);
                // The other side's words: an error of its own making, or a result as its router shaped it.
                if (error !== undefined) return observer.error(TRPCClientError.from({ error }));
                if (result === undefined) return;
                observer.next({ result: result as never });
                if (!isSubscription || result.type === 'stopped') observer.complete();
              },
              lost: fail,
            },
          );
        } catch (error) {
          fail(error instanceof AcpError ? error : new AcpError('internal', String(error)));
          return;
        }
        if (!isSubscription) {
          timer = setTimeout(() => {
            stop();
            fail(unanswering(path, answerMs));
          }, answerMs);
        }
        const abort = (): void => {
          stop();
          fail(new AcpError('internal', 'The call was given up.'));
        };
        signal?.addEventListener('abort', abort, { once: true });
        return () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
          stop();
        };
      });
}
