import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../bin/mcp-acp.cjs', import.meta.url));

/** A machine whose service manager writes down what it is asked; `exit` is what it answers to everything but the probe. */
function machine(exit: number | 'none' = 0, probe = 0) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'acp-service-')));
  const programs = join(dir, 'programs');
  mkdirSync(programs);
  const asked = join(dir, 'asked');
  writeFileSync(asked, '');
  for (const name of exit === 'none' ? [] : ['systemctl', 'launchctl']) {
    const script = `#!/bin/sh\necho "${name} $*" >> "${asked}"\ncase "$*" in *show-environment|print*) exit ${probe};; esac\n[ ${exit} = 0 ] || echo "no luck today" >&2\nexit ${exit}\n`;
    writeFileSync(join(programs, name), script);
    chmodSync(join(programs, name), 0o755);
  }
  const env = { PATH: programs, HOME: dir, MCP_ACP_HOME: join(dir, 'home') };
  return {
    dir,
    asked: () =>
      readFileSync(asked, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !/show-environment|print/.test(line)),
    run: (...args: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [bin, 'manager', 'service', ...args, '--json'],
        {
          env,
          encoding: 'utf8',
        },
      );
      return { status, stderr, answer: JSON.parse(stdout) };
    },
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

test('[MANAGER-SERVICE] the service is shown, written, taken up by the system, and removed again', () => {
  using on = machine();
  const { status, stderr, answer } = on.run('install');
  expect(status).toBe(0);
  expect(answer).toMatchObject({ installed: true, changed: true, enabled: true });
  const content = readFileSync(answer.file, 'utf8');
  expect(stderr).toContain(content.trimEnd());
  expect(answer.file.startsWith(on.dir)).toBe(true);
  expect(statSync(answer.file).mode & 0o077).toBe(0);
  for (const word of [
    process.execPath,
    realpathSync(bin),
    '--foreground',
    '--headless',
    '--stay',
    join(on.dir, 'home'),
  ]) {
    expect(content).toContain(word);
  }
  const enabled = on.asked();
  expect(enabled.at(-1)).toMatch(
    /^systemctl --user enable --now mcp-acp-manager\.service$|^launchctl bootstrap gui\/\d+ /,
  );
  expect(on.run('install').answer).toMatchObject({ changed: false, enabled: true });

  expect(on.run('remove').answer).toEqual({ removed: true, file: answer.file });
  expect(existsSync(answer.file)).toBe(false);
  expect(on.asked().join('\n')).toMatch(
    /systemctl --user disable --now mcp-acp-manager\.service|launchctl bootout gui\//,
  );
  expect(on.run('remove').answer).toMatchObject({ removed: false });
});

test('[MANAGER-SERVICE] where there is no service manager, or it refuses, the file is there and the rest is said', () => {
  using none = machine('none');
  const without = none.run('install');
  expect(without).toMatchObject({ status: 0, answer: { installed: true, enabled: false } });
  expect(without.answer.problem).toMatch(/^there is no (?:systemctl|launchctl)$/);
  expect(without.stderr).toMatch(/Where its service manager runs:\n {2}(?:systemctl|launchctl) /);
  expect(existsSync(without.answer.file)).toBe(true);

  using unreachable = machine(0, 1);
  expect(unreachable.run('install').answer).toMatchObject({ enabled: false });
  expect(unreachable.asked()).toEqual([]);

  using refusing = machine(1);
  expect(refusing.run('install').answer).toMatchObject({
    installed: true,
    enabled: false,
    problem: expect.stringContaining('no luck today'),
  });
});
