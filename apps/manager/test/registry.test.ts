import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { openSocketClient } from '@mcp-acp/api/client/socket-client';
import type { Connection } from '@mcp-acp/api/connection';
import type { ApiContext } from '@mcp-acp/api/context';
import type { ManagerPorts } from '@mcp-acp/api/ports/manager-ports';
import type { JoinMessage, JoinRequest } from '@mcp-acp/api/ports/registry';
import { type AppRouter, appRouter } from '@mcp-acp/api/router/app-router';
import { proxyRouter } from '@mcp-acp/api/router/proxy-router';
import { listenOnSocket, type SocketServer } from '@mcp-acp/api/server/listen-on-socket';
import { homePaths } from '@mcp-acp/config/home-paths';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { instanceStatus, type PlayedInstance, playInstance } from '@mcp-acp/testing/play-instance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventHub } from '../src/events/event-hub.ts';
import { createReadModel } from '../src/read-model/read-model.ts';
import type { SeenInstance } from '../src/read-model/seen-instance.ts';
import { forwardOperations } from '../src/registry/forward-operations.ts';
import { createRegistry } from '../src/registry/registry.ts';
import { reloadInstances } from '../src/registry/reload-instances.ts';
import { createWatching } from '../src/registry/watching.ts';

const first = 'inst_aaaaaaaaaaaaaaaa' as InstanceId;
const second = 'inst_bbbbbbbbbbbbbbbb' as InstanceId;
const now = (): string => new Date().toISOString();

/** The registry with all it works with, behind a real socket, and instances that serve on theirs. */
async function openScene() {
  const home = mkdtempSync(join(tmpdir(), 'acp-registry-'));
  const paths = homePaths({ MCP_ACP_HOME: home });
  mkdirSync(paths.run, { mode: 0o700 });
  const kept = new Map<string, SeenInstance>();
  const ends = new Map<string, string>();
  const sources = new Map<string | undefined, string>();
  const hub = createEventHub({
    series: 'e1',
    log: {
      append: (logged) => {
        for (const { event, source } of logged) {
          if (source !== undefined && 'proxy' in event) sources.set(event.proxy?.instance, source);
        }
      },
      after: () => undefined,
      lastSource: (instance) => sources.get(instance),
    },
    now,
  });
  const events: LiveEvent[] = [];
  hub.observe((event) => events.push(event));
  const model = createReadModel({
    configured: () => [
      { name: 'files', enabled: true },
      { name: 'idle', id: 'px_idleidleidleidle', enabled: false },
    ],
    memory: {
      lastSessions: () => new Map(),
      lastEnd: (id) => ends.get(id),
      keep: (name, session) => void kept.set(name, session),
    },
    now,
  });
  const watching = createWatching();
  const registry = createRegistry({
    paths,
    model,
    hub,
    watching,
    startId: 'start_aaaaaaaaaaaaaaaa',
    now,
    onActivity: () => undefined,
  });
  const forward = forwardOperations(model, registry);
  const ports = { registry, proxies: model, events: hub, reload: reloadInstances(model, forward) };
  const context = (connection: Connection): ApiContext => ({
    caller: { kind: 'socket' },
    connection,
    live: { at: 'elsewhere', forward },
    manager: ports as unknown as ManagerPorts,
  });
  const server = await listenOnSocket({ path: paths.managerSocket, router: appRouter, context });
  const clients = new Set<{ close(): void }>();
  const connect = () => {
    const client = openSocketClient<AppRouter>({ path: paths.managerSocket });
    clients.add(client);
    return client;
  };
  const served: SocketServer[] = [];
  const serve = async (
    instance: InstanceId,
    name = 'files',
  ): Promise<PlayedInstance & { stop(): Promise<void> }> => {
    const played = playInstance(instanceStatus(name, instance));
    const socket = await listenOnSocket({
      path: paths.proxySocket(name, instance),
      router: proxyRouter,
      context: (connection) => ({
        caller: { kind: 'socket' },
        connection,
        live: { at: 'here', instance: played },
      }),
    });
    served.push(socket);
    return Object.defineProperties(
      { stop: () => socket.close() },
      Object.getOwnPropertyDescriptors(played),
    ) as PlayedInstance & { stop(): Promise<void> };
  };
  const joinAs = (instance: InstanceId, more: Partial<JoinRequest> = {}) => {
    const client = connect();
    const messages: JoinMessage[] = [];
    const errors: string[] = [];
    client.api.registry.join.subscribe(
      {
        protocol: { least: 1, most: 1 },
        socket: paths.proxySocket('files', instance),
        status: instanceStatus('files', instance),
        ...more,
      },
      {
        onData: (message) => messages.push(message),
        onError: (error) => errors.push(acpErrorOf(error).code),
      },
    );
    return { messages, errors, leave: client.close };
  };
  return {
    paths,
    model,
    events,
    kept,
    ends,
    watching,
    registry,
    api: connect().api,
    serve,
    join: joinAs,
    close: async () => {
      for (const client of clients) client.close();
      registry.close();
      await Promise.all([server.close(), ...served.map((socket) => socket.close())]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

type Scene = Awaited<ReturnType<typeof openScene>>;
let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    return acpErrorOf(error).code;
  }
  return 'none';
};

const typesOf = (events: readonly LiveEvent[]): readonly string[] => events.map(({ type }) => type);

describe('who has joined the manager', () => {
  it('is in the read model for as long as it stays, and its figures afterwards', async () => {
    await scene.serve(first);
    expect((await scene.api.proxies.get.query({ proxy: 'files' })).connection).toBe('never');
    const joined = scene.join(first);
    await expect.poll(() => joined.messages.map(({ type }) => type)).toEqual(['welcome', 'watching']);
    const seen = await scene.api.proxies.get.query({ proxy: 'files' });
    expect(seen).toMatchObject({ connection: 'connected', instances: [{ status: { instance: first } }] });
    expect((await scene.api.proxies.totals.query()).instances).toBe(1);
    joined.leave();
    await expect.poll(() => typesOf(scene.events)).toEqual(['proxy_registered', 'proxy_disconnected']);
    const after = await scene.api.proxies.get.query({ proxy: 'files' });
    expect(after).toMatchObject({
      connection: 'disconnected',
      instances: [],
      last: { status: { instance: first } },
    });
    expect(scene.kept.has('files')).toBe(true);
  });

  it('never did, and is disconnected all the same where its journal says that it ran', async () => {
    const idle = () => scene.api.proxies.get.query({ proxy: 'idle' });
    expect(await idle()).toMatchObject({ connection: 'never', instances: [] });
    scene.ends.set('px_idleidleidleidle', '2026-01-01T00:00:00.000Z');
    const seen = await idle();
    expect(seen).toMatchObject({ connection: 'disconnected', disconnectedSince: '2026-01-01T00:00:00.000Z' });
    expect(seen.last).toBeUndefined();
  });

  it('[REGISTRATION-EVENTS] hands on what its instance told before it joined and tells since, once', async () => {
    const played = await scene.serve(first);
    played.call(1);
    played.call(2);
    const joined = scene.join(first);
    await expect
      .poll(() => typesOf(scene.events))
      .toEqual(['proxy_registered', 'call_decided', 'call_decided']);
    joined.leave();
    await expect.poll(() => played.listeners).toBe(0);
    played.call(3);
    scene.join(first);
    await expect
      .poll(() => scene.events.flatMap((event) => (event.type === 'call_decided' ? [event.seq] : [])))
      .toEqual([1, 2, 3]);
  });

  it('[EVENTS-GAP] gives the gap its instance tells of its name', async () => {
    const played = await scene.serve(first);
    scene.join(first);
    await expect.poll(() => played.listeners).toBe(1);
    played.tell({ type: 'resync', time: now() });
    await expect
      .poll(() => scene.events.at(-1))
      .toMatchObject({
        type: 'resync',
        proxy: { name: 'files', instance: first },
      });
  });

  it('is shown with summaries of what it counted, of its journal too', async () => {
    await scene.serve(first);
    const times = { count: 1, sumMs: 3, buckets: [[40, 1]] as [number, number][] };
    const status = instanceStatus('files', first);
    scene.join(first, { status: { ...status, journal: { append: times, sync: times } } });
    await expect.poll(() => scene.model.connected()).toHaveLength(1);
    const [seen] = await scene.api.proxies.list.query();
    expect(seen?.instances).toHaveLength(1);
    expect(JSON.stringify(seen)).not.toContain('buckets');
  });

  it('[SESSION-KEPT] is remembered with its figures by a manager that ends in order, and nobody is told it left', async () => {
    await scene.serve(first);
    scene.join(first);
    await expect.poll(() => scene.model.connected()).toHaveLength(1);
    scene.registry.close();
    expect(scene.kept.get('files')).toMatchObject({
      status: { instance: first },
      connection: 'disconnected',
    });
    expect(typesOf(scene.events)).toEqual(['proxy_registered']);
  });

  it('[REGISTRATION-NEWER] is not taken away by the late end of its old connection', async () => {
    await scene.serve(first);
    const old = scene.join(first);
    await expect.poll(() => old.messages.length).toBe(2);
    const renewed = scene.join(first);
    await expect.poll(() => renewed.messages.length).toBe(2);
    old.leave();
    await expect.poll(() => scene.events.filter(({ type }) => type === 'proxy_disconnected').length).toBe(1);
    // A query on another connection answers after the end above was seen.
    for (let round = 0; round < 5; round++) await scene.api.proxies.totals.query();
    expect((await scene.api.proxies.get.query({ proxy: 'files' })).connection).toBe('connected');
    expect(scene.events.filter((event) => event.type === 'proxy_disconnected')).toMatchObject([
      { reason: 'replaced' },
    ]);
  });

  it('[REGISTRATION-SILENT] is shown as unresponsive while its socket does not answer, and as connected again after', async () => {
    const played = await scene.serve(first);
    scene.join(first);
    await expect.poll(() => played.listeners).toBe(1);
    await played.stop();
    await expect
      .poll(async () => (await scene.api.proxies.get.query({ proxy: 'files' })).connection)
      .toBe('unresponsive');
    await scene.serve(first);
    await expect
      .poll(async () => (await scene.api.proxies.get.query({ proxy: 'files' })).connection, {
        timeout: 20_000,
      })
      .toBe('connected');
    expect(typesOf(scene.events)).toEqual(['proxy_registered', 'proxy_disconnected', 'proxy_registered']);
  });

  it.each([
    ['only a newer version of the API', { protocol: { least: 2, most: 3 } }, 'protocol_incompatible'],
    ['a socket that is not its own', { socket: '/run/other.sock' }, 'bad_request'],
  ])('[REGISTRATION-REFUSED] is refused with a code that speaks %s', async (_name, more, code) => {
    const joined = scene.join(first, more);
    await expect.poll(() => joined.errors).toEqual([code]);
    expect(scene.events).toEqual([]);
  });

  it('hears how many dashboards watch', async () => {
    await scene.serve(first);
    const joined = scene.join(first);
    await expect
      .poll(() => joined.messages.at(-1))
      .toEqual({ type: 'watching', dashboards: 0, terminals: 0 });
    scene.watching.set(2);
    await expect
      .poll(() => joined.messages.at(-1))
      .toEqual({ type: 'watching', dashboards: 2, terminals: 0 });
  });
});

describe('operations on live state through the manager', () => {
  it('[API-ROUTING] say what is wrong with whom they name', async () => {
    const { api } = scene;
    expect(await codeOf(api.proxy.status.query({ proxy: 'nobody' }))).toBe('proxy_unknown');
    expect(await codeOf(api.proxy.status.query({ proxy: 'idle' }))).toBe('proxy_disconnected');
    await scene.serve(first);
    await scene.serve(second);
    scene.join(first);
    await expect.poll(async () => (await api.proxies.totals.query()).instances).toBe(1);
    expect((await api.proxy.status.query({ proxy: 'files' })).instance).toBe(first);
    expect(await codeOf(api.proxy.status.query({ proxy: 'files', instance: second }))).toBe(
      'proxy_disconnected',
    );
    scene.join(second);
    await expect.poll(async () => (await api.proxies.totals.query()).instances).toBe(2);
    expect(await codeOf(api.proxy.status.query({ proxy: 'files' }))).toBe('instance_ambiguous');
    expect((await api.proxy.status.query({ proxy: 'files', instance: second })).instance).toBe(second);
  });

  it('ask all instances to reload, and say which did not answer', async () => {
    const played = await scene.serve(first);
    await scene.serve(second);
    scene.join(first);
    scene.join(second);
    await expect.poll(async () => (await scene.api.proxies.totals.query()).instances).toBe(2);
    const asked = await scene.api.proxies.reloadAll.mutate({});
    expect(asked.map(({ instance, reloaded }) => [instance, reloaded?.policy])).toEqual([
      [first, 'loaded'],
      [second, 'loaded'],
    ]);
    expect(played.reloads[0]).toMatch(/^req_/);
  });
});
