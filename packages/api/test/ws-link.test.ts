import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { instanceStatus, playInstance } from '@mcp-acp/testing/play-instance';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { getWSConnectionHandler } from '@trpc/server/adapters/ws';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { countOperations } from '../src/connection.ts';
import type { ApiContext } from '../src/context.ts';
import { type ProxyRouter, proxyRouter } from '../src/router/proxy-router.ts';

it('tRPC’s own WebSocket link understands the same router: our link speaks its messages', async () => {
  const instance = playInstance();
  const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(wss, 'listening');
  const context: ApiContext = {
    caller: { kind: 'socket' },
    connection: { drained: () => Promise.resolve(), enter: countOperations() },
    live: { at: 'here', instance },
  };
  const answer = getWSConnectionHandler({ wss, router: proxyRouter, createContext: () => context });
  wss.on('connection', answer);
  const socket = createWSClient({
    url: `ws://127.0.0.1:${(wss.address() as AddressInfo).port}`,
    WebSocket: WebSocket as never,
  });
  const api = createTRPCClient<ProxyRouter>({ links: [wsLink({ client: socket })] });
  expect(await api.proxy.status.query({ proxy: 'files' })).toEqual(instanceStatus());
  await expect(api.proxy.status.query({ proxy: '' })).rejects.toMatchObject({
    data: { words: { code: 'bad_request' } },
  });
  const seen: string[] = [];
  for (const seq of [1, 2]) instance.call(seq);
  const subscription = api.proxy.events.subscribe(
    { proxy: 'files', lastEventId: 'inst_aaaaaaaaaaaaaaaa.1' },
    { onData: ({ data }) => seen.push(...data.map(([id, { type }]) => `${id} ${type}`)) },
  );
  await expect.poll(() => seen).toEqual(['inst_aaaaaaaaaaaaaaaa.2 call_decided']);
  subscription.unsubscribe();
  await expect.poll(() => instance.listeners).toBe(0);
  await socket.close();
  wss.close();
});
