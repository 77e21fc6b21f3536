import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { liveScene, until } from './live-scene.ts';

type Scene = Awaited<ReturnType<typeof liveScene>>;

const joined = (scene: Scene, count: number) =>
  until(`${count} instances that have joined`, () => {
    const status = scene.json('manager', 'status');
    return status.manager.instances === count && status;
  });

test('[MANAGER-ONE] it is started, found, and stopped from the command line', async () => {
  await using scene = await liveScene();
  const started = scene.json('manager', 'start', '--headless');
  expect(started).toMatchObject({ started: true, port: scene.port, url: `http://127.0.0.1:${scene.port}` });
  expect(scene.json('manager', 'start')).toMatchObject({ started: false, pid: started.pid });
  expect(scene.run('manager', 'start', '--foreground')).toMatchObject({
    status: 1,
    stderr: `error: A manager runs already (pid ${started.pid}).\n  Look at it: mcp-acp manager status. End it: mcp-acp manager stop\n`,
  });
  expect(scene.json('manager', 'status')).toMatchObject({
    running: true,
    manager: { state: 'running', pid: started.pid, port: scene.port, home: scene.paths.home, idleExit: 30 },
    history: { state: expect.any(String) },
    proxies: [],
  });
  expect(scene.run('status').stdout).toContain(`manager  running  pid ${started.pid}`);
  expect(scene.json('manager', 'stop')).toEqual({ stopped: true, state: 'ended', pid: started.pid });
  expect(scene.run('manager', 'status')).toMatchObject({ status: 1, stdout: 'manager  not running\n' });
});

test('[MANAGER-START-FAILS] a port in use reaches the one who typed the command', async () => {
  await using scene = await liveScene();
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(scene.port, '127.0.0.1', resolve));
  try {
    const { status, stderr } = scene.run('manager', 'start');
    expect(status).toBe(1);
    expect(stderr).toContain(`Port ${scene.port} on 127.0.0.1 is in use by another program.`);
    expect(stderr).toContain('mcp-acp config set port');
    expect(scene.json('manager', 'open')).toMatchObject({ error: { code: 'port_in_use' } });
  } finally {
    await new Promise((resolve) => squatter.close(resolve));
  }
});

test('[CLI-LIVE] through the manager: figures of all proxies, and of instances it does not know', async () => {
  await using scene = await liveScene('files', 'other');
  const files = await scene.proxy('files');
  scene.json('manager', 'start', '--headless');
  await files.call('read_file');
  await files.call('write_file');
  const other = await scene.proxy('other');
  await joined(scene, 2);
  const figures = await until('the figures of the calls', () => {
    const { proxies } = scene.json('status');
    return proxies[0].instances[0].requests === 3 && proxies;
  });
  expect(figures).toMatchObject([
    {
      name: 'files',
      connected: true,
      instances: [
        {
          pid: files.pid,
          client: 'tester',
          clientVersion: '1.2',
          allowed: 2,
          denied: 1,
          pending: 0,
          medianMs: expect.any(Number),
        },
      ],
    },
    { name: 'other', instances: [{ pid: other.pid, connected: true, requests: 1 }] },
  ]);
  expect(scene.json('proxy', 'list')).toMatchObject({
    manager: 'running',
    proxies: [{ name: 'files', connected: true, instances: [{ requests: 3 }] }, { name: 'other' }],
  });
  const { totals } = scene.json('manager', 'status');
  expect(totals).toMatchObject({ instances: 2, proxies: 2, statistics: { requests: 4, denied: 1 } });
  expect(scene.run('manager', 'status').stdout).toMatch(/\nfiles +1 +tester 1\.2 .*\nother +1 +tester 1\.2 /);

  await other.end();
  await joined(scene, 1);
  expect(scene.json('status').proxies[1]).toMatchObject({ connected: false, instances: [] });
});

test('[EVENTS-TAIL] the manager is killed and started again: nothing is missing and nothing is told twice', async () => {
  await using scene = await liveScene('files');
  const { pid } = scene.json('manager', 'start', '--headless');
  const client = await scene.proxy('files');
  await joined(scene, 1);
  const tail = scene.follow('events', 'tail', '--proxy', 'files', '--type', 'call_decided');
  const decided = () => tail.lines.filter(({ tool }) => tool === 'read_file').length;
  const told = (count: number) => until(`${count} calls`, () => decided() >= count);
  await until('the note where events come from', () => tail.notes().includes('through the manager'));
  for (let call = 0; call < 5; call++) await client.call('read_file');
  await told(5);
  process.kill(pid, 'SIGKILL');
  for (let call = 0; call < 5; call++) await client.call('read_file');
  await told(10);
  expect(tail.notes()).toContain('from the running proxies');
  scene.json('manager', 'start', '--headless');
  await joined(scene, 1);
  for (let call = 0; call < 5; call++) await client.call('read_file');
  await told(15);
  expect(await tail.stop()).toBe(0);
  const seqs = tail.lines.map(({ seq }) => seq);
  expect(seqs).toHaveLength(15);
  expect(new Set(seqs).size).toBe(15);
});

test('[MANAGER-BROWSER] open hands the browser a file of the user’s alone; the code is in no argument and no output', async () => {
  await using scene = await liveScene();
  const programs = join(scene.dir, 'programs');
  const called = join(scene.dir, 'called');
  mkdirSync(programs);
  writeFileSync(join(programs, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$@" > "${called}"\n`);
  chmodSync(join(programs, 'xdg-open'), 0o755);

  const unseen = scene.json('manager', 'open');
  expect(unseen).toMatchObject({
    opened: false,
    started: true,
    expiresInMs: 30_000,
    url: `http://127.0.0.1:${scene.port}`,
  });
  const page = readFileSync(unseen.file, 'utf8');
  const code = /#code=([\w-]+)/.exec(page)?.[1] ?? '';
  expect(code.length).toBeGreaterThanOrEqual(22);
  expect(statSync(unseen.file).mode & 0o777).toBe(0o600);
  expect(JSON.stringify(unseen)).not.toContain(code);

  Object.assign(scene.env, { DISPLAY: ':99', PATH: `${programs}:${scene.env.PATH}` });
  const { stdout, stderr } = scene.run('manager', 'open');
  expect(stdout).toBe(`Opened the dashboard, http://127.0.0.1:${scene.port}\n`);
  expect(stderr).toBe('');
  const argument = readFileSync(called, 'utf8').trim();
  expect(argument.startsWith(scene.paths.run)).toBe(true);
  expect(existsSync(argument)).toBe(true);
  const second = /#code=([\w-]+)/.exec(readFileSync(argument, 'utf8'))?.[1] ?? code;
  expect(second).not.toBe(code);
  expect(readFileSync(scene.paths.managerSystemLog, 'utf8')).not.toContain(second);
  expect(scene.run('manager', 'open', '--no-browser').stdout).toMatch(
    /^Open this file in a browser within 30 seconds:\n\//,
  );
});

test('[MANAGER-TOKENS] a token is shown once, listed without itself, and taken back; sessions are listed', async () => {
  await using scene = await liveScene();
  scene.json('manager', 'start', '--headless');
  const { id, token } = scene.json(
    'manager',
    'token',
    'create',
    '--scope',
    'metrics',
    '--name',
    'prometheus',
  );
  const listed = scene.run('manager', 'token', 'list');
  expect(listed.stdout).toMatch(new RegExp(`${id} +metrics +\\S+ +prometheus`));
  expect(listed.stdout).not.toContain(token);
  const scrape = async () =>
    (await fetch(`http://127.0.0.1:${scene.port}/metrics`, { headers: { authorization: `Bearer ${token}` } }))
      .status;
  expect(await scrape()).toBe(200);
  expect(scene.json('manager', 'token', 'revoke', id)).toEqual({ id, revoked: true });
  expect(await scrape()).toBe(401);
  expect(scene.run('manager', 'token', 'revoke', id)).toMatchObject({ status: 1 });
  expect(scene.json('manager', 'token', 'list')).toEqual({ tokens: [] });

  expect(scene.json('manager', 'sessions')).toEqual({ sessions: [] });
  expect(scene.run('manager', 'sessions', '--revoke', 'nobody')).toMatchObject({ status: 1 });
  expect(scene.json('manager', 'sessions', '--revoke', 'all')).toEqual({ revoked: [] });
});

test('[HISTORY-COMMANDS] the history is searched and made anew from the command line', async () => {
  await using scene = await liveScene('files');
  scene.json('manager', 'start', '--headless');
  const client = await scene.proxy('files');
  await client.call('read_file');
  await client.call('write_file');
  const denied = () => scene.json('history', 'search', '--effect', 'deny', '--proxy', 'files').records;
  const found = await until('the denied call', () => denied().length === 1 && denied());
  expect(found).toMatchObject([
    { proxy: 'files', type: 'decision', tool: 'write_file', disposition: 'denied' },
  ]);
  expect(scene.run('history', 'search', 'write_file').stdout).toMatch(
    /files +\w{6}:\d+ +decision +denied +deny +tools\/call write_file/,
  );
  const first = scene.json('history', 'search', '--limit', '1');
  const second = scene.json('history', 'search', '--limit', '1', '--cursor', first.cursor);
  expect(second.records[0].seq).not.toBe(first.records[0].seq);

  const rebuilt = scene.json('history', 'rebuild');
  expect(rebuilt.records).toBeGreaterThanOrEqual(4);
  expect(rebuilt.doneBytes).toBe(rebuilt.totalBytes);
  expect(denied()).toEqual(found);
});
