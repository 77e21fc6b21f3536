import { AcpError } from '@mcp-acp/shared/errors';
import { createTRPCClient, type TRPCClient } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import { type ChannelOptions, openSocketChannel } from './socket-channel.ts';
import { socketLink, type Unanswering } from './socket-link.ts';

export interface SocketClientOptions {
  readonly path: string;
  /** How long a query or a mutation may take. Milliseconds. */
  readonly answerMs?: number;
  /** What is said when nobody answers there, and while the connection is gone. */
  readonly unreachable?: (systemCode: string) => AcpError;
  /** What is said when a query or a mutation has had no answer in time. */
  readonly unanswering?: Unanswering;
  readonly check?: ChannelOptions['check'];
}

export interface SocketClient<Router extends AnyTRPCRouter> {
  readonly api: TRPCClient<Router>;
  close(): void;
}

/** Long enough for a program that is busy, short enough for a person. Milliseconds. */
export const answerWithinMs = 10_000;

const noManager = (code: string): AcpError => {
  const detail = `The manager does not answer (${code}).`;
  if (code === 'ETIMEDOUT' || code === 'EAGAIN') return hangs(detail);
  const isAbsent = code === 'ENOENT' || code === 'ECONNREFUSED';
  return new AcpError('manager_not_running', detail, {
    fix: isAbsent ? 'Start it: mcp-acp manager start' : 'See whether it runs: mcp-acp manager status',
  });
};

const silentManager: Unanswering = (path, answerMs) =>
  hangs(`No answer to ${path} within ${answerMs / 1000} seconds.`);

const hangs = (detail: string): AcpError =>
  new AcpError('manager_unanswering', detail, {
    fix: 'If it stays so, end it: mcp-acp manager stop, then start it: mcp-acp manager start',
  });

/** A typed client of whoever listens on a Unix socket. Failures are what `acpErrorOf` makes of them. */
export function openSocketClient<Router extends AnyTRPCRouter>(
  options: SocketClientOptions,
): SocketClient<Router> {
  const channel = openSocketChannel({
    path: options.path,
    unreachable: options.unreachable ?? noManager,
    check: options.check,
  });
  const link = socketLink<Router>({
    channel: () => channel,
    answerMs: options.answerMs ?? answerWithinMs,
    unanswering: options.unanswering ?? silentManager,
  });
  return { api: createTRPCClient<Router>({ links: [link] }), close: channel.close };
}
