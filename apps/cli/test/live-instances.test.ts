import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { InstanceId } from '@mcp-acp/shared/ids';
import { expect, test } from 'vitest';
import { liveScene, until } from './live-scene.ts';

type Scene = Awaited<ReturnType<typeof liveScene>>;

/** The instances of `files`, once so many answer on their sockets. */
const connected = (scene: Scene, count: number) =>
  until(`${count} instances that answer`, () => {
    const [proxy] = scene.json('status', '--proxy', 'files').proxies;
    const instances: { connected: boolean; pid: number; instance: InstanceId }[] = proxy.instances;
    return instances.filter((one) => one.connected).length === count && instances;
  });

test('[CLI-LIVE] without a manager, what runs is asked itself', async () => {
  await using scene = await liveScene('files', 'other');
  const first = await scene.proxy('files');
  const second = await scene.proxy('files');
  await first.call('read_file');
  await first.call('write_file');
  await connected(scene, 2);

  const { manager, proxies } = scene.json('status');
  expect(manager).toEqual({ state: 'absent' });
  expect(proxies).toMatchObject([
    {
      name: 'files',
      enabled: true,
      connected: true,
      instances: [
        {
          pid: first.pid,
          connected: true,
          client: 'tester',
          clientVersion: '1.2',
          uptimeMs: expect.any(Number),
          requests: 3,
          allowed: 2,
          denied: 1,
          pending: 0,
          medianMs: expect.any(Number),
          backend: { state: 'connected' },
        },
        { pid: second.pid, requests: 1, denied: 0 },
      ],
    },
    { name: 'other', connected: false, instances: [] },
  ]);
  expect(scene.run('status').stdout).toMatch(
    /tester 1\.2, 3 requests, 1 denied, 0 pending, median [0-9.]+ ms/,
  );

  expect(scene.json('proxy', 'list').proxies).toMatchObject([
    { name: 'files', running: 2, connected: true, instances: [{ requests: 3 }, { requests: 1 }] },
    { name: 'other', running: 0, connected: false, instances: [] },
  ]);
  expect(scene.run('proxy', 'list').stdout).toMatch(
    /NAME +STATE +CLIENT +UP +REQUESTS +DENIED +PENDING +MEDIAN +BACKEND\nfiles +2 running +tester 1\.2 +[0-9]+ (?:s|min).* +4 +1 +0 /,
  );
  const status = scene.run('manager', 'status');
  expect(status.status).toBe(1);
  expect(status.stdout).toMatch(/manager {2}not running\n\nPROXY .*\nfiles +2 /);
});

test('[CLI-LIVE] an instance whose socket is gone is shown by its files, and asked by signal', async () => {
  await using scene = await liveScene('files');
  const first = await scene.proxy('files');
  await scene.proxy('files');
  const instances = await connected(scene, 2);
  const lost = instances.find(({ pid }) => pid === first.pid);
  if (lost === undefined) throw new Error('not listed');
  rmSync(scene.paths.proxySocket('files', lost.instance));

  const seen = scene.json('status').proxies[0].instances;
  expect(seen).toMatchObject([{ pid: first.pid, connected: false }, { connected: true }]);
  expect(seen[0]).not.toHaveProperty('requests');
  const reloaded = scene.json('policy', 'reload').instances;
  expect(reloaded).toMatchObject([
    { pid: first.pid, asked: true },
    { asked: true, reloaded: { policy: 'unchanged', config: 'unchanged' } },
  ]);
  expect(reloaded[0]).not.toHaveProperty('reloaded');

  // What is no socket of ours is not connected to either, and it is said why.
  writeFileSync(scene.paths.proxySocket('files', lost.instance), '');
  expect(scene.json('status').proxies[0].instances[0]).toMatchObject({
    connected: false,
    problem: expect.stringContaining('is no socket'),
  });
});

test('[CLI-LIVE] a saved policy, and one edited by hand: it is said what each instance made of it', async () => {
  await using scene = await liveScene('files');
  await scene.proxy('files');
  await connected(scene, 1);
  const added = scene.json('policy', 'add', '--effect', 'deny', '--tool', 'read_secret');
  expect(['loaded', 'unchanged']).toContain(added.instances[0].reloaded.policy);
  expect(scene.run('policy', 'reload').stdout).toMatch(
    /^inst_\w+ \(pid \d+\): policy in force already, settings in force already\.\n$/,
  );

  writeFileSync(
    scene.paths.policy('files'),
    'version: 1\nrules:\n  - { id: all, effect: allow, when: { mcp_method: "*" } }\n',
  );
  expect(scene.run('policy', 'reload').stdout).toMatch(/policy held, .*waits for a confirmation/);
  expect(['loaded', 'unchanged']).toContain(scene.json('policy', 'confirm').instances[0].reloaded.policy);
});

test('[PROXY-DISABLED] a proxy that is switched off while it runs refuses every request until it is on again', async () => {
  await using scene = await liveScene('files');
  const client = await scene.proxy('files');
  await connected(scene, 1);
  const refused = async () => (await client.call('read_file')).result.isError === true;
  expect(await refused()).toBe(false);
  // What it is said of is so when it is said: nothing is waited for.
  expect(scene.json('proxy', 'disable')).toMatchObject({
    changed: true,
    instances: [
      { pid: client.pid, asked: true, reloaded: { config: expect.stringMatching(/loaded|unchanged/) } },
    ],
  });
  expect(await refused()).toBe(true);
  expect(scene.run('status').stdout).toContain('switched off');
  const enabled = scene.run('proxy', 'enable');
  expect(enabled.stdout).toMatch(/settings (?:loaded|in force already)/);
  expect(enabled.stderr).toContain('answered again');
  expect(await refused()).toBe(false);
});

test('[EVENTS-TAIL] without a manager, events come from every instance that runs or starts', async () => {
  await using scene = await liveScene('files', 'other');
  const first = await scene.proxy('files');
  const tail = scene.follow('events', 'tail', '--type', 'call_decided', '--type', 'client_identified');
  await until('the note where events come from', () => tail.notes().includes('from the running proxies'));
  await first.call('write_file');
  await until('the call', () => tail.lines.some(({ tool }) => tool === 'write_file'));
  const second = await scene.proxy('other');
  await second.call('read_file');
  await until('the call of the other', () => tail.lines.some(({ tool }) => tool === 'read_file'));
  await until('its client', () => tail.lines.some(({ type }) => type === 'client_identified'));
  expect(tail.lines.filter(({ tool }) => tool === 'write_file')).toHaveLength(1);
  expect(new Set(tail.lines.map(({ type }) => type))).toEqual(new Set(['call_decided', 'client_identified']));
  expect(await tail.stop()).toBe(0);
  expect(existsSync(scene.paths.managerSocket)).toBe(false);
});
