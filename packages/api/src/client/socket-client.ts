import { AcpError } from '@mcp-acp/shared/errors';
import { createTRPCClient, type TRPCClient } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import { openSocketChannel } from './socket-channel.ts';
import { socketLink } from './socket-link.ts';

export interface SocketClientOptions {
  readonly path: string;
  /** How long a query or a mutation may take. Milliseconds. */
  readonly answerMs?: number;
  /** What is said when nobody answers there, and while the connection is gone. */
  readonly unreachable?: (systemCode: string) => AcpError;
  /** The connection was lost; the next operation opens another. */
  readonly onClose?: () => void;
}

export interface SocketClient<Router extends AnyTRPCRouter> {
  readonly api: TRPCClient<Router>;
  close(): void;
}

/** Long enough for a program that is busy, short enough for a person. Milliseconds. */
export const answerWithinMs = 10_000;

const noManager = (code: string): AcpError =>
  new AcpError('manager_not_running', `The manager does not answer (${code}).`, {
    fix: 'Start it: mcp-acp manager start',
  });

/** A typed client of whoever listens on a Unix socket. Failures are what `acpErrorOf` makes of them. */
export function openSocketClient<Router extends AnyTRPCRouter>(
  options: SocketClientOptions,
): SocketClient<Router> {
  const channel = openSocketChannel({
    path: options.path,
    unreachable: options.unreachable ?? noManager,
    ...(options.onClose === undefined ? {} : { onClose: options.onClose }),
  });
  const link = socketLink<Router>({ channel: () => channel, answerMs: options.answerMs ?? answerWithinMs });
  return { api: createTRPCClient<Router>({ links: [link] }), close: channel.close };
}
