import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type ServicePlace, serviceFile } from '../src/manager-service.ts';

// UPDATE_GOLDEN=1 writes down what is made now; read the difference before committing it.
const update = process.env.UPDATE_GOLDEN === '1';
const golden = (name: string) => fileURLToPath(new URL(`./golden/${name}`, import.meta.url));

const plain: ServicePlace = {
  platform: 'linux',
  env: {},
  userHome: '/home/ada',
  uid: 1000,
  node: '/usr/bin/node',
  bin: '/usr/lib/node_modules/mcp-acp/bin/mcp-acp.cjs',
  output: '/home/ada/.mcp-acp/logs/manager/output.log',
};
const odd: ServicePlace = {
  ...plain,
  env: { MCP_ACP_HOME: '/home/ada/a "b" 50% $HOME \\ <&>', XDG_CONFIG_HOME: '/home/ada/conf' },
  bin: '/opt/my tools/$x%y/"mcp".cjs',
};

test.each([
  ['plain.service', plain],
  ['odd.service', odd],
  ['plain.plist', { ...plain, platform: 'darwin' }],
  ['odd.plist', { ...odd, platform: 'darwin' }],
] as const)('[MANAGER-SERVICE] %s', (name, place) => {
  const { content } = serviceFile(place);
  if (update) {
    mkdirSync(golden('.'), { recursive: true });
    writeFileSync(golden(name), content);
  }
  expect(content).toBe(readFileSync(golden(name), 'utf8'));
});

test('[MANAGER-SERVICE] the file lies where the system looks, and is made known by commands without a shell', () => {
  expect(serviceFile(plain)).toMatchObject({
    kind: 'systemd',
    file: '/home/ada/.config/systemd/user/mcp-acp-manager.service',
    enable: [
      ['systemctl', '--user', 'daemon-reload'],
      ['systemctl', '--user', 'enable', '--now', 'mcp-acp-manager.service'],
    ],
    disable: [['systemctl', '--user', 'disable', '--now', 'mcp-acp-manager.service']],
  });
  expect(serviceFile(odd).file).toBe('/home/ada/conf/systemd/user/mcp-acp-manager.service');
  const agent = serviceFile({ ...odd, platform: 'darwin' });
  expect(agent.file).toBe('/home/ada/Library/LaunchAgents/mcp-acp.manager.plist');
  expect(agent.enable).toEqual([['launchctl', 'bootstrap', 'gui/1000', agent.file]]);
  expect(agent.disable).toEqual([['launchctl', 'bootout', 'gui/1000/mcp-acp.manager']]);
});

test('[MANAGER-SERVICE] what a service file cannot hold, and a platform without services, are refused', () => {
  for (const path of ['/a\nExecStart=/bin/sh', '/a\u0000b', '/a\tb']) {
    expect(() => serviceFile({ ...plain, bin: path })).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => serviceFile({ ...plain, env: { MCP_ACP_HOME: path } })).toThrow(/control characters/);
  }
  expect(() => serviceFile({ ...plain, platform: 'win32' })).toThrow(
    expect.objectContaining({ code: 'unsupported_platform' }),
  );
});
