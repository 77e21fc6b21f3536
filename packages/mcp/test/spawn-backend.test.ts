import { existsSync } from 'node:fs';
import { describeExit } from '@mcp-acp/mcp/backend-end';
import { spawnBackend } from '@mcp-acp/mcp/stdio/spawn-backend';
import { expect, it } from 'vitest';

const launch = (script: string, more: object = {}) => ({
  command: process.execPath,
  args: ['-e', script],
  env: {},
  lineLimitBytes: 1000,
  onStderr: () => undefined,
  ...more,
});

function listen(backend: ReturnType<typeof spawnBackend>): Promise<string> {
  return new Promise((resolve) =>
    backend.start({
      line: (line) => resolve(line.toString('utf8')),
      oversize: () => undefined,
      failed: () => undefined,
      drained: () => undefined,
      ended: () => undefined,
      gone: () => undefined,
    }),
  );
}

it('runs without a shell, in its folder, with its environment alone', async () => {
  const script = 'console.log(JSON.stringify([process.argv[1], process.cwd(), process.env]))';
  const backend = spawnBackend({
    ...launch(script),
    args: ['-e', script, '$(echo pwned); *'],
    cwd: '/',
    env: { A: 'b' },
  });
  const [argument, cwd, env] = JSON.parse(await listen(backend)) as [string, string, object];
  expect(argument).toBe('$(echo pwned); *');
  expect(cwd).toBe('/');
  expect(env).toEqual({ A: 'b' });
  expect(describeExit(await backend.exited)).toBe('exit code 0');
});

it('[BACKEND-MISSING] a command that does not exist is an exit that says so', async () => {
  const exit = await spawnBackend({ ...launch(''), command: 'no-such-command-anywhere' }).exited;
  expect(exit).toMatchObject({ kind: 'not_started', error: { code: 'backend_not_started' } });
  expect(describeExit(exit)).toContain('no-such-command-anywhere');
});

it('[NOTHING-LEFT] ends with everything it started, also what ignores SIGTERM', async () => {
  const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
  const script = `const child = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: 'ignore' });
    process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log(child.pid);`;
  const backend = spawnBackend(launch(script));
  const child = Number(await listen(backend));
  expect(describeExit(await backend.terminate(50))).toBe('signal SIGKILL');
  await expect.poll(() => isAlive(child), { timeout: 5_000 }).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return existsSync('/proc') ? existsSync(`/proc/${pid}/exe`) : true;
  } catch {
    return false;
  }
}
