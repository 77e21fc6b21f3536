import { launchLines } from '@mcp-acp/admin/describe-launch';
import type { StdioBackend } from '@mcp-acp/config/proxy-config';
import { expect, test } from 'vitest';

const linesOf = (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string => {
  const backend: Pick<StdioBackend, 'transport' | 'command' | 'args' | 'env' | 'inheritEnv'> = {
    transport: 'stdio',
    command,
    args: [...args],
    env: { ...env },
    inheritEnv: [],
  };
  return launchLines(backend as StdioBackend).join('\n');
};

test('[LAUNCH-UNCONFIRMED] code among the arguments is said, however it is spelt', () => {
  for (const [command, ...args] of [
    ['sh', '-c', 'x'],
    ['bash', '-lc', 'curl x|sh'],
    ['/bin/sh', '-ec', 'x'],
    ['python3', '-Ic', 'x'],
    ['python3', '-cimport os'],
    ['python3.12', '-W', 'ignore', '-c', 'x'],
    ['node', '-pe', 'x'],
    ['node', '--no-warnings', '-e', 'x'],
    ['node', '-r./evil.js', 'a.js'],
    ['node', '--import=./evil.mjs', 'a.js'],
    ['deno', 'eval', 'x'],
    ['perl', '-we', 'x'],
    ['/usr/bin/env', 'sh', '-c', 'x'],
    ['/usr/bin/env', '-S', 'sh -c x'],
    ['env', 'A=b', 'bash', '-c', 'x'],
    ['busybox', 'sh', '-c', 'x'],
    ['npx', '-c', 'x'],
    ['C:\\\\Windows\\\\cmd.exe', '/c', 'x'],
  ] as const) {
    expect(linesOf(command, args), [command, ...args].join(' ')).toContain('hold a program of their own');
  }
});

test('[LAUNCH-UNCONFIRMED] a program from the network is said', () => {
  for (const [command, ...args] of [
    ['npx', '-y', 'x'],
    ['npm', 'exec', 'x'],
    ['pnpm', 'dlx', 'x'],
    ['yarn', 'dlx', 'x'],
    ['bun', 'x', 'y'],
    ['uvx', 'x'],
    ['uv', 'tool', 'run', 'x'],
    ['env', 'npx', 'x'],
  ] as const) {
    expect(linesOf(command, args), [command, ...args].join(' ')).toContain('from the network');
  }
});

test('[LAUNCH-UNCONFIRMED] variables that decide which code is loaded are said', () => {
  for (const name of [
    ...[
      'NODE_OPTIONS',
      'NODE_PATH',
      'LD_PRELOAD',
      'LD_AUDIT',
      'DYLD_LIBRARY_PATH',
      'BASH_ENV',
      'ENV',
      'PATH',
    ],
    ...['PERL5OPT', 'PERL5LIB', 'RUBYOPT', 'RUBYLIB', 'PYTHONSTARTUP', 'PYTHONHOME', 'PYTHONPATH'],
    ...['JAVA_TOOL_OPTIONS', 'GIT_SSH_COMMAND', 'npm_config_registry', 'UV_INDEX_URL', 'PIP_INDEX_URL'],
    'DOTNET_STARTUP_HOOKS',
  ]) {
    expect(linesOf('/bin/x', [], { [name]: 'v' })).toContain(`${name} decides which code is loaded`);
  }
  expect(linesOf('env', ['LD_PRELOAD=/x.so', 'server'])).toContain('LD_PRELOAD decides');
});

test('[LAUNCH-UNCONFIRMED] an ordinary server is not warned of', () => {
  for (const [command, ...args] of [
    ['node', '/srv/server.js', '--port', '3000', '-p', 'x'],
    ['python3', '/srv/server.py', '-c', 'config.toml'],
    ['npm', 'start'],
    ['uv', 'run', 'server.py'],
    ['/opt/server', '-c', 'config'],
  ] as const) {
    expect(
      linesOf(command, args, { NODE_ENV: 'production', PYTHONUNBUFFERED: '1', TOKEN: 'x' }),
    ).not.toContain('Beware');
  }
});
