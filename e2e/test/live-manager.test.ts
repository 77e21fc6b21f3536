import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSocketClient, type SocketClient } from '@mcp-acp/api/client/socket-client';
import type { AppRouter } from '@mcp-acp/api/router/app-router';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually, records } from '../resources/journal.ts';
import { LineClient } from '../resources/line-client.ts';
import { LiveClient } from '../resources/live-client.ts';
import { freePort, startManager } from '../resources/manager.ts';
import { TempHome } from '../resources/temp-home.ts';

/** How many instances of each proxy the manager has, by its own word. */
async function instancesAt({ api }: SocketClient<AppRouter>): Promise<Readonly<Record<string, number>>> {
  const proxies = await api.proxies.list.query();
  return Object.fromEntries(
    proxies.map(({ name, instances }) => [
      name,
      instances.filter(({ connection }) => connection === 'connected').length,
    ]),
  );
}

const haveJoined = (client: SocketClient<AppRouter>, wanted: Readonly<Record<string, number>>) =>
  eventually(`joined: ${JSON.stringify(wanted)}`, async () => {
    const now = await instancesAt(client).catch(() => ({}));
    return JSON.stringify(now) === JSON.stringify(wanted);
  });

/** A manager that nobody in the test has started: ended with the test. */
function foundManager(home: TempHome): AsyncDisposable & { readonly client: SocketClient<AppRouter> } {
  const client = openSocketClient<AppRouter>({ path: home.paths.managerSocket });
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      const pid = await client.api.manager.status.query().then(
        (status) => status.pid,
        () => undefined,
      );
      await client.api.manager.stop.mutate().catch(() => undefined);
      client.close();
      await eventually('the end of the manager', () => pid === undefined || !existsSync(`/proc/${pid}`));
    },
  };
}

it(
  verifies(
    ['MANAGER-AUTO-START', 'MANAGER-JOINED'],
    'proxies that start at once start one manager between them, and all join it',
  ),
  async () => {
    await using home = new TempHome();
    home.manager({ autoStart: true, port: await freePort() });
    home.addProxy('p', { backend: plainServer() });
    home.addProxy('q', { backend: plainServer() });
    await using manager = foundManager(home);
    const clients = ['p', 'p', 'p', 'q', 'q'].map((name) => home.start(name));
    await using _clients: AsyncDisposable = {
      [Symbol.asyncDispose]: async () => {
        await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
      },
    };
    await Promise.all(clients.map((client) => client.initialize()));
    await haveJoined(manager.client, { p: 3, q: 2 });
    const { pid } = await manager.client.api.manager.status.query();
    expect(clients.map((client) => client.pid)).not.toContain(pid);
    await Promise.all(clients.map((client) => client.end()));
    await haveJoined(manager.client, { p: 0, q: 0 });
    // It outlives those who started it.
    expect((await manager.client.api.manager.status.query()).pid).toBe(pid);
  },
);

it.each([
  ['--headless', { autoStart: true }, ['--headless']],
  ['autoStart: false', { autoStart: false }, []],
] as const)(verifies('MANAGER-AUTO-START', '%s: no manager is started'), async (_what, settings, args) => {
  await using home = new TempHome();
  home.manager({ ...settings, port: await freePort() });
  home.addProxy('p', { backend: plainServer() });
  using live = new LiveClient(home);
  const [command, ...more] = home.startCommand('p');
  await using client = new LineClient({ command, args: [...more, ...args], env: home.env });
  await client.initialize();
  await live.status('p');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(readdirSync(home.paths.run).filter((file) => file.startsWith('manager'))).toEqual([]);
  await client.end();
});

it(
  verifies('MANAGER-AUTO-START', 'a manager that cannot start is recorded with the reason, and calls go on'),
  async () => {
    await using home = new TempHome();
    await using squatter = await startManager(home);
    await using other = new TempHome();
    other.manager({ autoStart: true, port: squatter.port });
    other.addProxy('p', { backend: plainServer() });
    await using client = other.start('p');
    await client.initialize();
    const incident = await eventually('the incident', () =>
      records(other, 'p').find((record) => record.type === 'incident'),
    );
    expect(incident).toMatchObject({
      code: 'port_in_use',
      detail: expect.stringContaining(`${squatter.port}`),
    });
    expect(client.stderr).toContain(`${squatter.port}`);
    expect((await client.call('echo', { message: 'x' })).result.content[0].text).toBe('echo: x');
    await client.end();
  },
);

/** A `notify-send` that writes down its arguments, first in the PATH. */
function playNotifications(home: TempHome): {
  readonly env: NodeJS.ProcessEnv;
  shown(): readonly string[][];
} {
  const folder = join(home.base, 'bin');
  const file = join(home.base, 'notified.jsonl');
  mkdirSync(folder);
  const script = join(folder, 'notify-send');
  writeFileSync(
    script,
    `#!${process.execPath}\nrequire('node:fs').appendFileSync(${JSON.stringify(file)}, JSON.stringify(process.argv.slice(2)) + '\\n');\n`,
  );
  chmodSync(script, 0o755);
  return {
    env: {
      ...home.env,
      PATH: `${folder}:${home.env.PATH}`,
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
    },
    shown: () =>
      existsSync(file)
        ? readFileSync(file, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as string[])
        : [],
  };
}

it(
  verifies(
    ['MANAGER-LOST', 'MANAGER-JOINED'],
    'proxies that were first join, are told of once when the manager is killed, go on, and join the next',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    home.addProxy('q', { backend: plainServer() });
    const { env, shown } = playNotifications(home);
    const start = (name: string): LineClient => {
      const [command, ...args] = home.startCommand(name);
      return new LineClient({ command, args, env });
    };
    await using p = start('p');
    await using q = start('q');
    await Promise.all([p.initialize(), q.initialize()]);
    using live = new LiveClient(home);
    await Promise.all([live.status('p'), live.status('q')]);

    await using first = await startManager(home);
    await haveJoined(first.client, { p: 1, q: 1 });
    await first.kill();
    await eventually('a notification', () => shown().length > 0);
    const words = 'mcp-acp manager start';
    await eventually('both to say so', () => p.stderr.includes(words) && q.stderr.includes(words));
    expect((await p.call('echo', { message: 'alone' })).result.content[0].text).toBe('echo: alone');
    // Several attempts to join later.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(shown()).toHaveLength(1);
    expect(shown()[0]?.join(' ')).toContain(words);
    expect(p.stderr.split(words)).toHaveLength(2);

    await using second = await startManager(home);
    await haveJoined(second.client, { p: 1, q: 1 });
    await p.end();
    await q.end();
    await haveJoined(second.client, { p: 0, q: 0 });
  },
);
