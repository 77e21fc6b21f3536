import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JoinMessage, JoinRequest } from '@mcp-acp/api/ports/registry';
import { appRouter } from '@mcp-acp/api/router/app-router';
import { listenOnSocket } from '@mcp-acp/api/server/listen-on-socket';
import { type HomePaths, homePaths } from '@mcp-acp/config/home-paths';
import { ensureRunDir } from '@mcp-acp/config/run-dir';
import { AcpError } from '@mcp-acp/shared/errors';
import { expect, it } from 'vitest';
import { type ManagerLinkOptions, stayJoined } from '../src/live/manager-link.ts';
import { openLiveScene } from './live-scene.ts';

interface Linked extends AsyncDisposable {
  readonly paths: HomePaths;
  readonly told: string[];
  readonly live: ManagerLinkOptions['live'];
  readonly person: ManagerLinkOptions['person'];
  readonly instance: string;
  until(what: string, holds: () => boolean): Promise<void>;
}

/** An instance that keeps itself joined to whatever manager listens in a home of its own. */
function link(more: Partial<ManagerLinkOptions> = {}): Linked {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'acp-link-')));
  const paths = homePaths({ MCP_ACP_HOME: home });
  ensureRunDir(paths.run);
  const scene = openLiveScene();
  const over = new AbortController();
  const told: string[] = [];
  const staying = stayJoined({
    paths,
    env: { PATH: process.env.PATH, MCP_ACP_HOME: home },
    program: '/nonexistent/program',
    mayStart: false,
    socket: join(paths.run, 'proxy_files.sock'),
    live: scene.live,
    person: scene.person,
    signal: over.signal,
    leaveMs: 1_000,
    guard: scene.guard,
    joined: () => told.push('joined'),
    lost: () => told.push('lost'),
    problem: ({ code }) => told.push(code),
    ...more,
  });
  return {
    paths,
    told,
    live: scene.live,
    person: scene.person,
    instance: scene.instance,
    until: async (what, holds) => {
      const endMs = Date.now() + 20_000;
      while (!holds()) {
        if (Date.now() > endMs) throw new Error(`${what} never came; told: ${told.join(', ')}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await staying;
      await scene[Symbol.asyncDispose]();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

interface Played extends AsyncDisposable {
  readonly requests: readonly JoinRequest[];
  readonly joined: number;
}

/** A manager that takes instances in, or refuses them, and does nothing else. */
async function playManager(
  paths: HomePaths,
  { dashboards = 0, refuse }: { readonly dashboards?: number; readonly refuse?: AcpError } = {},
): Promise<Played> {
  const requests: JoinRequest[] = [];
  let joined = 0;
  async function* join(
    request: JoinRequest,
    _protocol: number,
    signal: AbortSignal,
  ): AsyncGenerator<JoinMessage> {
    requests.push(request);
    if (refuse !== undefined) throw refuse;
    joined++;
    yield { type: 'welcome', protocol: 1, manager: 'start_x' };
    yield { type: 'watching', dashboards, terminals: 0 };
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    joined--;
  }
  const server = await listenOnSocket({
    path: paths.managerSocket,
    router: appRouter,
    context: (connection) => ({
      caller: { kind: 'socket' },
      connection,
      live: { at: 'elsewhere', forward: () => Promise.reject(new Error('nowhere')) },
      manager: { registry: { join } } as never,
    }),
  });
  return {
    requests,
    get joined() {
      return joined;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

it('[MANAGER-JOINED] an instance that was first joins when a manager appears, with its status and its place', async () => {
  await using instance = link();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(instance.told).toEqual([]);
  await using manager = await playManager(instance.paths, { dashboards: 2 });
  await instance.until('its joining', () => instance.told.includes('joined'));
  expect(manager.requests).toMatchObject([
    { socket: join(instance.paths.run, 'proxy_files.sock'), status: { instance: instance.instance } },
  ]);
  await instance.until('who watches', () => instance.person.dashboards() === 2);
});

it('[MANAGER-JOINED] it joins the next manager after one that is gone, and nobody is told of a short absence', async () => {
  await using instance = link();
  for (let round = 1; round <= 3; round++) {
    const manager = await playManager(instance.paths, { dashboards: 1 });
    await instance.until('its joining', () => instance.told.length === round);
    await instance.until('who watches', () => instance.person.dashboards() === 1);
    await manager[Symbol.asyncDispose]();
    await instance.until('that nobody watches', () => instance.person.dashboards() === 0);
  }
  expect(instance.told).toEqual(['joined', 'joined', 'joined']);
});

it('[MANAGER-LOST] a manager that stays away is told once', async () => {
  await using instance = link();
  const manager = await playManager(instance.paths);
  await instance.until('its joining', () => instance.told.includes('joined'));
  await manager[Symbol.asyncDispose]();
  await instance.until('the loss', () => instance.told.includes('lost'));
  // Several attempts later.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(instance.told).toEqual(['joined', 'lost']);
  await using next = await playManager(instance.paths);
  await instance.until('its joining again', () => next.joined === 1);
  expect(instance.told).toEqual(['joined', 'lost', 'joined']);
});

it('[MANAGER-JOINED] a manager of another version is told once, and the next one is joined at once', async () => {
  await using instance = link();
  const old = await playManager(instance.paths, { refuse: new AcpError('protocol_incompatible') });
  await instance.until('the refusal', () => instance.told.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(instance.told).toEqual(['protocol_incompatible']);
  expect(old.requests).toHaveLength(1);
  await old[Symbol.asyncDispose]();
  await using manager = await playManager(instance.paths);
  await instance.until('its joining', () => instance.told.includes('joined'));
  expect(manager.joined).toBe(1);
});

it('[MANAGER-AUTO-START] a manager that cannot be started is told once and not tried for ever', async () => {
  await using instance = link({ mayStart: true });
  await instance.until('the failure', () => instance.told.length > 0);
  await using manager = await playManager(instance.paths);
  await instance.until('its joining', () => instance.told.includes('joined'));
  expect(instance.told).toEqual(['manager_not_started', 'joined']);
  expect(manager.joined).toBe(1);
});
