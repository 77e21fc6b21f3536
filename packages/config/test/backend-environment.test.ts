import { delimiter, dirname } from 'node:path';
import { expect, it } from 'vitest';
import { backendEnvironment } from '../src/backend-environment.ts';
import type { StdioBackend } from '../src/proxy-config.ts';

const backend: StdioBackend = {
  id: 'files',
  transport: 'stdio',
  command: 'node',
  args: [],
  env: {},
  inheritEnv: [],
  callIdleMs: 0,
};
const ownNode = dirname(process.execPath);

it('a backend gets a short default, what its configuration names, and nothing of ours', () => {
  const env = {
    HOME: '/home/u',
    PATH: '/bin',
    SECRET: 's',
    TOKEN: 't',
    MCP_ACP_HOME: '/x',
    NODE_OPTIONS: '--x',
  };
  const given = backendEnvironment(
    { ...backend, inheritEnv: ['TOKEN', 'MISSING', 'MCP_ACP_HOME'], env: { MODE: 'test', MCP_ACP_X: 'y' } },
    env,
  );
  expect(given).toEqual({ HOME: '/home/u', PATH: `/bin${delimiter}${ownNode}`, TOKEN: 't', MODE: 'test' });
});

it('finds the Node that runs us last, and once', () => {
  expect(backendEnvironment(backend, {}).PATH).toBe(ownNode);
  const path = ['/a', ownNode, '/b'].join(delimiter);
  expect(backendEnvironment(backend, { PATH: path }).PATH).toBe(path);
  expect(backendEnvironment({ ...backend, env: { PATH: '/only' } }, { PATH: path }).PATH).toBe('/only');
});
