import { AcpError } from '@mcp-acp/shared/errors';
import { createTRPCClient, type TRPCClient } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import type { ProxyRouter } from '../router/proxy-router.ts';
import { type ChannelOptions, openSocketChannel, type SocketChannel } from './socket-channel.ts';
import { answerWithinMs } from './socket-client.ts';
import { socketLink, type Unanswering } from './socket-link.ts';

export interface ProxiesClientOptions {
  /**
   * The socket of the instance that is meant. Throws AcpError: 'proxy_unknown', 'proxy_disconnected',
   * 'instance_ambiguous'.
   */
  readonly socketOf: (proxy: string, instance: string | undefined) => string;
  readonly answerMs?: number;
  readonly check?: ChannelOptions['check'];
}

export interface ProxiesClient<Router extends AnyTRPCRouter> {
  readonly api: TRPCClient<Router>;
  close(): void;
}

/** Nobody answers where an instance should. */
export const instanceGone = (proxy: string, code: string): AcpError =>
  code === 'ETIMEDOUT'
    ? new AcpError('proxy_unanswering', `The proxy "${proxy}" does not answer.`)
    : new AcpError('proxy_disconnected', `The proxy "${proxy}" does not run (${code}).`, {
        fix: 'It runs while its MCP client does.',
      });

/** An instance is there and has not answered in time. */
export const instanceSilent: Unanswering = (path, answerMs) =>
  new AcpError('proxy_unanswering', `No answer to ${path} within ${answerMs / 1000} seconds.`);

/** A typed client of all proxies of an installation: each operation goes straight to the socket of the proxy it names. */
export function openProxiesClient<Router extends AnyTRPCRouter = ProxyRouter>({
  socketOf,
  answerMs = answerWithinMs,
  check,
}: ProxiesClientOptions): ProxiesClient<Router> {
  const channels = new Map<string, SocketChannel>();
  const link = socketLink<Router>({
    answerMs,
    unanswering: instanceSilent,
    channel: ({ path, input }) => {
      const { proxy, instance } = targetOf(path, input);
      const socket = socketOf(proxy, instance);
      let channel = channels.get(socket);
      if (channel === undefined) {
        channel = openSocketChannel({
          path: socket,
          unreachable: (code) => instanceGone(proxy, code),
          check,
        });
        channels.set(socket, channel);
      }
      return channel;
    },
  });
  return {
    api: createTRPCClient<Router>({ links: [link] }),
    close: () => {
      for (const channel of channels.values()) channel.close();
    },
  };
}

function targetOf(path: string, input: unknown): { readonly proxy: string; readonly instance?: string } {
  const member = (key: string): unknown =>
    typeof input === 'object' && input !== null ? Reflect.get(input, key) : undefined;
  const proxy = member('proxy');
  const instance = member('instance');
  if (!path.startsWith('proxy.') || typeof proxy !== 'string') {
    throw new AcpError('manager_not_running', 'Only the manager can answer that.', {
      fix: 'Start it: mcp-acp manager start',
    });
  }
  return typeof instance === 'string' ? { proxy, instance } : { proxy };
}
