import { join } from 'node:path';
import { instanceStatus, playInstance } from '@mcp-acp/testing/play-instance';
import type { inferRouterInputs } from '@trpc/server';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { liveProcedure } from '../src/access/builders.ts';
import { trpc } from '../src/access/trpc.ts';
import { acpErrorOf } from '../src/client/errors.ts';
import { forwardTo } from '../src/client/forward.ts';
import { openProxiesClient } from '../src/client/proxies-client.ts';
import { openSocketChannel } from '../src/client/socket-channel.ts';
import { openSocketClient } from '../src/client/socket-client.ts';
import { type ProxyRouter, proxyRouter } from '../src/router/proxy-router.ts';
import { listenOnSocket } from '../src/server/listen-on-socket.ts';
import { serveInstance, type TempFolder, tempFolder } from './resources/serve-instance.ts';

/** A program that has no instance of its own and passes operations on, as the manager does. */
async function serveForwarding(folder: TempFolder, instanceSocket: string, answerMs = 10_000) {
  const path = join(folder.path, 'manager.sock');
  const channel = openSocketChannel({
    path: instanceSocket,
    unreachable: () => acpErrorOf(new Error('gone')),
  });
  const server = await listenOnSocket({
    path,
    router: proxyRouter,
    context: (connection) => ({
      caller: { kind: 'socket' },
      connection,
      live: {
        at: 'elsewhere',
        forward: (operation) => forwardTo({ channel, answerMs }, operation),
      },
    }),
  });
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      channel.close();
      await server.close();
    },
  };
}

describe('operations on live state that are passed on', () => {
  it('reach the instance with the name the operation has, and come back as they were', async () => {
    using folder = tempFolder();
    const instance = playInstance();
    await using served = await serveInstance(instance, join(folder.path, 'a.sock'));
    await using manager = await serveForwarding(folder, served.path);
    const client = openSocketClient<ProxyRouter>({ path: manager.path });
    expect(await client.api.proxy.status.query({ proxy: 'files' })).toEqual(instanceStatus());
    const request = 'req_aaaaaaaaaaaaaaaa';
    await client.api.proxy.reload.mutate({ proxy: 'files', request });
    expect(instance.reloads).toEqual([request]);
    client.close();
  });

  it('carry subscriptions with their ids, and end them at the instance too', async () => {
    using folder = tempFolder();
    const instance = playInstance();
    for (const seq of [1, 2, 3]) instance.call(seq);
    await using served = await serveInstance(instance, join(folder.path, 'a.sock'));
    await using manager = await serveForwarding(folder, served.path);
    const client = openSocketClient<ProxyRouter>({ path: manager.path });
    const seen: string[] = [];
    const subscription = client.api.proxy.events.subscribe(
      { proxy: 'files', lastEventId: 'inst_aaaaaaaaaaaaaaaa.1' },
      { onData: ({ data }) => seen.push(...data.map(([id]) => id)) },
    );
    await expect.poll(() => seen).toEqual(['inst_aaaaaaaaaaaaaaaa.2', 'inst_aaaaaaaaaaaaaaaa.3']);
    subscription.unsubscribe();
    await expect.poll(() => instance.listeners).toBe(0);
    client.close();
  });

  it('keep the instance’s own refusal, code and fix', async () => {
    using folder = tempFolder();
    await using served = await serveInstance(
      {
        ...playInstance(),
        reload: async () => {
          throw acpErrorOf(new Error('the disk is gone'));
        },
      },
      join(folder.path, 'a.sock'),
    );
    await using manager = await serveForwarding(folder, served.path);
    const client = openSocketClient<ProxyRouter>({ path: manager.path });
    await expect(client.api.proxy.reload.mutate({ proxy: 'files' })).rejects.toMatchObject({
      data: { words: { code: 'internal' } },
    });
    client.close();
  });

  it('are given up after a while where no answer comes', async () => {
    using folder = tempFolder();
    await using served = await serveInstance(
      { ...playInstance(), reload: () => new Promise(() => undefined) },
      join(folder.path, 'a.sock'),
    );
    await using manager = await serveForwarding(folder, served.path, 50);
    const client = openSocketClient<ProxyRouter>({ path: manager.path });
    await expect(client.api.proxy.reload.mutate({ proxy: 'files' })).rejects.toMatchObject({
      data: { httpStatus: 504, words: { code: 'proxy_unanswering' } },
    });
    client.close();
  });

  it('[PROCEDURE-ADDED] a procedure added to the branch is reached both ways, typed, with no other edit', async () => {
    const branch = trpc.router({
      shout: liveProcedure
        .input(z.object({ word: z.string() }))
        .output(z.object({ said: z.string() }))
        .query(({ ctx, input }) => ({ said: `${ctx.instance.status().name}: ${input.word.toUpperCase()}` })),
    });
    const router = trpc.router({ proxy: branch });
    type Added = typeof router;
    expectTypeOf<inferRouterInputs<Added>['proxy']['shout']['word']>().toEqualTypeOf<string>();

    using folder = tempFolder();
    const socket = join(folder.path, 'a.sock');
    const instance = playInstance();
    const served = await listenOnSocket({
      path: socket,
      router,
      context: (connection) => ({
        caller: { kind: 'socket' },
        connection,
        live: { at: 'here', instance },
      }),
    });
    const channel = openSocketChannel({ path: socket, unreachable: () => acpErrorOf(new Error('gone')) });
    const managerSocket = join(folder.path, 'manager.sock');
    const manager = await listenOnSocket({
      path: managerSocket,
      router,
      context: (connection) => ({
        caller: { kind: 'socket' },
        connection,
        live: {
          at: 'elsewhere',
          forward: (operation) => forwardTo({ channel, answerMs: 10_000 }, operation),
        },
      }),
    });
    const throughManager = openSocketClient<Added>({ path: managerSocket });
    const straight = openProxiesClient<Added>({ socketOf: () => socket });
    const input = { proxy: 'files', word: 'hello' };
    const answer = await throughManager.api.proxy.shout.query(input);
    expectTypeOf(answer).toEqualTypeOf<{ said: string }>();
    expect(answer).toEqual({ said: 'files: HELLO' });
    expect(await straight.api.proxy.shout.query(input)).toEqual({ said: 'files: HELLO' });
    await expect(
      throughManager.api.proxy.shout.query({ proxy: 'files', word: 7 } as never),
    ).rejects.toMatchObject({ data: { words: { code: 'bad_request' } } });
    throughManager.close();
    straight.close();
    channel.close();
    await Promise.all([served.close(), manager.close()]);
  });
});
