import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findManager } from '@mcp-acp/admin/manager-find';
import { stopManager } from '@mcp-acp/admin/manager-stop';
import { ownProcess } from '@mcp-acp/audit/process-identity';
import { expect, test } from 'vitest';
import { isAlive, managerHome, until } from './manager-home.ts';

const script = fileURLToPath(new URL('./fixtures/starter.ts', import.meta.url));

test('[MANAGER-ONE] of 16 that start a manager at once one does, and all find it', async () => {
  await using home = await managerHome({ slowMs: 200 });
  // Half of them are processes of their own, as proxies are.
  const outside = Array.from(
    { length: 8 },
    () =>
      new Promise<string>((resolve) => {
        const child = spawn(process.execPath, ['--import', 'tsx', script], {
          env: home.env,
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let out = '';
        child.stdout.setEncoding('utf8').on('data', (chunk) => {
          out += chunk;
        });
        child.once('close', () => resolve(out.trim()));
      }),
  );
  const inside = Array.from({ length: 8 }, () => home.start());
  const found = [
    ...(await Promise.all(inside)).map(({ manager }) => manager.process.pid),
    ...(await Promise.all(outside)).map(Number),
  ];
  expect(home.starts()).toHaveLength(1);
  expect(new Set(found)).toEqual(new Set(home.starts()));
  expect(await home.start()).toMatchObject({ started: false, manager: { port: home.port } });
});

test('[MANAGER-ONE] a starter that is killed leaves its manager to the next one', async () => {
  await using home = await managerHome({ slowMs: 1_000 });
  const starter = spawn(process.execPath, ['--import', 'tsx', script], { env: home.env, stdio: 'ignore' });
  await until(() => existsSync(`${home.paths.managerLock}.1`));
  starter.kill('SIGKILL');
  expect(await home.start()).toMatchObject({
    started: false,
    manager: { process: { pid: home.starts()[0] } },
  });
  expect(home.starts()).toHaveLength(1);
});

test('[MANAGER-ONE] two takers of its place: one is the manager, the other says so and ends', async () => {
  await using home = await managerHome();
  const both = [home.foreground('--json'), home.foreground('--json')];
  const loser = await Promise.race(both.map(({ child, ended }) => ended.then((end) => ({ child, end }))));
  expect(loser.end.code).toBe(1);
  expect(loser.end.out).toContain('"manager_running"');
  const winner = both.find(({ child }) => child !== loser.child);
  await winner?.ready;
  expect(await findManager(home.paths)).toMatchObject({
    state: 'running',
    file: { process: { pid: winner?.child.pid } },
  });
});

test('[MANAGER-STALE] stale lock, stale socket and a pid file whose id is another program now', async () => {
  await using home = await managerHome();
  const first = await home.start();
  const { pid } = first.manager.process;
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(pid));
  expect(existsSync(home.paths.managerSocket)).toBe(true);
  expect(await findManager(home.paths)).toEqual({ state: 'absent' });
  // As if the id had been given to this process since.
  const file = { ...first.manager, ...first.manager.process, pid: process.pid };
  writeFileSync(home.paths.managerPid, JSON.stringify(file));
  expect(await findManager(home.paths)).toEqual({ state: 'absent' });
  expect(await stopManager(home.paths)).toEqual({ state: 'absent' });

  const second = await home.start();
  expect(second.started).toBe(true);
  expect(second.manager.process.pid).not.toBe(pid);
  expect(readdirSync(home.paths.run).filter((name) => name.startsWith('manager.lock'))).toEqual([
    'manager.lock.2',
  ]);
});

test('[MANAGER-STALE] a pid file that cannot be read is in nobody’s way', async () => {
  await using home = await managerHome();
  mkdirSync(home.paths.run, { mode: 0o700 });
  for (const text of ['', 'null', '12', '{"pid":-1}', JSON.stringify(ownProcess())]) {
    writeFileSync(home.paths.managerPid, text);
    expect(await findManager(home.paths)).toEqual({ state: 'absent' });
  }
  expect((await home.start()).started).toBe(true);
});

test('[MANAGER-STALE] what stands in the socket’s place and is none is not taken away', async () => {
  await using home = await managerHome();
  mkdirSync(home.paths.run, { mode: 0o700 });
  writeFileSync(home.paths.managerSocket, 'mine');
  await expect(home.start()).rejects.toMatchObject({ code: 'config_invalid' });
  const { ended } = home.foreground();
  expect(await ended).toMatchObject({ code: 16, out: expect.stringContaining('is no socket') });
  expect(readFileSync(home.paths.managerSocket, 'utf8')).toBe('mine');
});

test('[MANAGER-START-FAILS] a port that is in use is named, with what to do, to everyone who waits', async () => {
  await using home = await managerHome();
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(home.port, '127.0.0.1', resolve));
  try {
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => home.start()));
    for (const result of results) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: {
          code: 'port_in_use',
          message: `Port ${home.port} on 127.0.0.1 is in use by another program.`,
          fix: expect.stringContaining(`mcp-acp config set port ${home.port + 1} --manager`),
        },
      });
    }
    const { ended } = home.foreground();
    expect(await ended).toMatchObject({ code: 1, out: expect.stringContaining(`Port ${home.port} on`) });
    expect(home.systemLog().at(-1)).toMatchObject({
      level: 'error',
      event: 'start_failed',
      code: 'port_in_use',
    });
  } finally {
    await new Promise((resolve) => squatter.close(resolve));
  }
  expect((await home.start()).started).toBe(true);
});

test('[MANAGER-START-FAILS] one that ends without a word, or never listens, is no riddle', async () => {
  await using home = await managerHome({ dies: true });
  await expect(home.start()).rejects.toMatchObject({
    code: 'manager_not_started',
    message: 'The manager ended with exit code 3: cannot go on',
    fix: expect.stringContaining(home.paths.managerOutput),
  });
  home.write('knobs.json', { slowMs: 600_000 });
  await expect(home.start({ timeoutMs: 1_500 })).rejects.toMatchObject({ code: 'manager_not_started' });
  await until(() => home.starts().every((pid) => !isAlive(pid)));
});

test('[MANAGER-START-FAILS] settings that cannot be used are said with file, line and column', async () => {
  await using home = await managerHome();
  home.write('manager.json', { prot: 1 });
  await expect(home.start()).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('Unknown setting "prot"'),
  });
});

test('[RUN-DIR] a folder for sockets that is not ours alone keeps a manager from starting', async () => {
  await using home = await managerHome();
  const elsewhere = join(home.dir, 'elsewhere');
  mkdirSync(elsewhere, { mode: 0o700 });
  symlinkSync(elsewhere, home.paths.run);
  const { ended } = home.foreground();
  expect(await ended).toMatchObject({
    code: 16,
    out: expect.stringContaining('something else than a folder'),
  });
  await expect(home.start()).rejects.toMatchObject({ code: 'config_invalid' });
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('[RUN-DIR] sockets of a home with a long path lie in a short folder, which is checked as well', async () => {
  await using home = await managerHome({}, 'h'.repeat(120));
  const folder = dirname(home.paths.managerSocket);
  expect(folder.startsWith(home.dir)).toBe(false);
  const elsewhere = join(home.dir, 'elsewhere');
  mkdirSync(elsewhere, { mode: 0o700 });
  try {
    // Whoever knows the home's path can be there first.
    symlinkSync(elsewhere, folder);
    await expect(home.start()).rejects.toMatchObject({ code: 'config_invalid' });
    expect(readdirSync(elsewhere)).toEqual([]);
    rmSync(folder);
    mkdirSync(folder, { mode: 0o700 });
    chmodSync(folder, 0o777);
    await expect(home.start()).rejects.toMatchObject({ code: 'config_invalid' });
    rmSync(folder, { recursive: true });
    expect((await home.start()).started).toBe(true);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  } finally {
    await stopManager(home.paths);
    rmSync(folder, { recursive: true, force: true });
  }
});

test('[MANAGER-CLEAN-ENV] a starter’s secrets reach neither the environment nor the arguments of the manager', async () => {
  await using home = await managerHome();
  const env = { ...home.env, GITHUB_TOKEN: 'canary-7c2a', LANG: 'C.UTF-8', XDG_DATA_DIRS: '/usr/share' };
  await home.start({ env });
  const seen = home.read('environment.json');
  expect(JSON.stringify(seen)).not.toContain('canary-7c2a');
  expect(Object.keys(seen.env).sort()).toEqual(['HOME', 'LANG', 'MCP_ACP_HOME', 'PATH', 'XDG_DATA_DIRS']);
  expect(seen.argv.slice(2)).toEqual(['manager', 'start', '--foreground', '--json']);
});

test('[MANAGER-ONE] its files are private, and say who it is', async () => {
  await using home = await managerHome();
  const { manager } = await home.start();
  expect(statSync(home.paths.managerPid).mode & 0o777).toBe(0o600);
  expect(statSync(home.paths.managerSystemLog).mode & 0o777).toBe(0o600);
  expect(statSync(home.paths.managerOutput).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(home.paths.managerPid, 'utf8'))).toMatchObject({
    pid: manager.process.pid,
    started: expect.any(String),
    port: home.port,
    startId: expect.stringMatching(/^start_[a-z2-7]{16}$/),
    program: expect.any(String),
  });
  expect(home.read('status.json')).toMatchObject({
    pid: manager.process.pid,
    startId: manager.startId,
    home: home.paths.home,
    idleExit: 30,
  });
});
