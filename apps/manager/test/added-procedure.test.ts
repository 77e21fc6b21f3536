import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveProcedure } from '@mcp-acp/api/access/builders';
import { trpc } from '@mcp-acp/api/access/trpc';
import { openPageClient } from '@mcp-acp/api/client/page-client';
import { openProxiesClient } from '@mcp-acp/api/client/proxies-client';
import { openSocketClient } from '@mcp-acp/api/client/socket-client';
import type { ApiContext } from '@mcp-acp/api/context';
import type { ManagerPorts } from '@mcp-acp/api/ports/manager-ports';
import { accessBranch } from '@mcp-acp/api/router/access-branch';
import { proxyBranch } from '@mcp-acp/api/router/proxy-branch';
import { registryBranch } from '@mcp-acp/api/router/registry-branch';
import { listenOnSocket } from '@mcp-acp/api/server/listen-on-socket';
import { homePaths } from '@mcp-acp/config/home-paths';
import type { InstanceId } from '@mcp-acp/shared/ids';
import { instanceStatus, playInstance } from '@mcp-acp/testing/play-instance';
import { expect, expectTypeOf, it } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod';
import { openAccess } from '../src/access/open-access.ts';
import { createEventHub } from '../src/events/event-hub.ts';
import { createReadModel } from '../src/read-model/read-model.ts';
import { forwardOperations } from '../src/registry/forward-operations.ts';
import { createRegistry } from '../src/registry/registry.ts';
import { createWatching } from '../src/registry/watching.ts';
import { startWebServer } from '../src/web/web-server.ts';
import { smallPages } from './web-scene.ts';

const instance = 'inst_aaaaaaaaaaaaaaaa' as InstanceId;
const now = (): string => new Date().toISOString();

/** The one edit: a procedure more in the branch that every instance serves. */
const branch = trpc.mergeRouters(
  proxyBranch,
  trpc.router({
    shout: liveProcedure
      .input(z.object({ word: z.string() }))
      .output(z.object({ said: z.string() }))
      .query(({ ctx, input }) => ({ said: `${ctx.instance.status().name}: ${input.word.toUpperCase()}` })),
  }),
);
const ofProxy = trpc.router({ proxy: branch });
const ofManager = trpc.router({ access: accessBranch, proxy: branch, registry: registryBranch });

it('[PROCEDURE-ADDED] a procedure added to the branch is reached from the command line both ways and from a page', async () => {
  const home = mkdtempSync(join(tmpdir(), 'acp-added-'));
  const paths = homePaths({ MCP_ACP_HOME: home });
  mkdirSync(paths.run, { mode: 0o700 });
  const played = playInstance(instanceStatus('files', instance));
  const proxySocket = await listenOnSocket({
    path: paths.proxySocket('files', instance),
    router: ofProxy,
    context: (connection) => ({
      caller: { kind: 'socket' },
      connection,
      live: { at: 'here', instance: played },
    }),
  });

  const hub = createEventHub({
    series: '1',
    log: { append: () => undefined, after: () => undefined, lastSource: () => undefined },
    now,
  });
  const model = createReadModel({
    configured: () => [],
    memory: { lastSessions: () => new Map(), lastEnd: () => undefined, keep: () => undefined },
    now,
  });
  const registry = createRegistry({
    paths,
    model,
    hub,
    watching: createWatching(),
    startId: 'start_aaaaaaaaaaaaaaaa',
    now,
    onActivity: () => undefined,
  });
  const access = openAccess({
    file: join(home, 'access.json'),
    log: () => undefined,
    incident: () => undefined,
  });
  const context = (came: Pick<ApiContext, 'caller' | 'connection' | 'cookie'>): ApiContext => ({
    ...came,
    live: { at: 'elsewhere', forward: forwardOperations(model, registry) },
    manager: { access, registry } as unknown as ManagerPorts,
  });
  const managerSocket = await listenOnSocket({
    path: paths.managerSocket,
    router: ofManager,
    context: (connection) => context({ caller: { kind: 'socket' }, connection }),
  });
  const web = await startWebServer({
    port: 0,
    installation: '0123abcd',
    access,
    router: ofManager,
    createContext: context,
    metrics: async () => '',
    readiness: () => ({ checks: {}, backends: [] }) as never,
    log: {
      counted: () => undefined,
      request: () => undefined,
      leftOut: () => undefined,
      fault: () => undefined,
    },
    pages: smallPages,
  });

  const command = openSocketClient<typeof ofManager>({ path: paths.managerSocket });
  const straight = openProxiesClient<typeof ofProxy>({
    socketOf: () => paths.proxySocket('files', instance),
  });
  const { cookie, token } = await access.unlock(access.createCode().code);
  const origin = `http://127.0.0.1:${web.port}`;
  const page = openPageClient<typeof ofManager>({
    origin,
    token: () => token,
    browser: {
      fetch: (url, init) =>
        fetch(url, {
          ...init,
          headers: {
            ...Object.fromEntries(new Headers(init?.headers)),
            Origin: origin,
            Cookie: `mcp-acp-0123abcd=${cookie}`,
          },
        }),
      WebSocket: WebSocket as never,
    },
  });
  command.api.registry.join.subscribe(
    {
      protocol: { least: 1, most: 1 },
      socket: paths.proxySocket('files', instance),
      status: played.status(),
    },
    {},
  );
  await expect.poll(() => model.connected()).toHaveLength(1);

  const input = { proxy: 'files', word: 'hello' };
  const answers = [
    await command.api.proxy.shout.query(input),
    await straight.api.proxy.shout.query(input),
    await page.api.proxy.shout.query(input),
  ];
  expect(answers).toEqual(Array(3).fill({ said: 'files: HELLO' }));
  expectTypeOf(answers).toEqualTypeOf<{ said: string }[]>();
  expectTypeOf(page.api.proxy.shout.query).parameter(0).toHaveProperty('word').toEqualTypeOf<string>();

  command.close();
  straight.close();
  page.close();
  registry.close();
  await Promise.all([proxySocket.close(), managerSocket.close(), web.close()]);
  access.close();
  rmSync(home, { recursive: true, force: true });
});
