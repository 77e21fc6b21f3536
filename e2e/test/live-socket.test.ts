import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { openSocketClient } from '@mcp-acp/api/client/socket-client';
import type { ProxyRouter } from '@mcp-acp/api/router/proxy-router';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually, records } from '../resources/journal.ts';
import { instancesOf, LiveClient } from '../resources/live-client.ts';
import { TempHome } from '../resources/temp-home.ts';

const modeOf = (path: string): number => lstatSync(path).mode & 0o777;
const socketsIn = (home: TempHome): readonly string[] =>
  existsSync(home.paths.run) ? readdirSync(home.paths.run).filter((file) => file.endsWith('.sock')) : [];

it(
  verifies(
    'LIVE-SOCKET',
    'an instance serves its live state on a socket of its own, which its end takes away',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    using live = new LiveClient(home);
    await using client = home.start('p');
    await client.initialize();
    const { instance, pid } = await live.status('p');
    expect(pid).toBe(client.pid);
    expect(modeOf(home.paths.run)).toBe(0o700);
    const own = home.paths.proxySocket('p', instance);
    expect(lstatSync(own).isSocket()).toBe(true);
    expect(modeOf(own)).toBe(0o600);
    expect(live.named('p')).toBe(instance);
    await client.end();
    expect(socketsIn(home)).toEqual([]);
  },
);

it(
  verifies(
    ['LIVE-SOCKET', 'SEVERAL-CLIENTS'],
    'several instances each have theirs, and the name goes on to one that lives when the first ends',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    using live = new LiveClient(home);
    await using first = home.start('p');
    await first.initialize();
    const one = (await live.status('p')).instance;
    await using second = home.start('p');
    await second.initialize();
    const [, other = ''] = await eventually('two instances', () => {
      const instances = instancesOf(home, 'p');
      return instances.length === 2 && instances;
    });
    expect((await live.status('p', other)).pid).toBe(second.pid);
    expect((await live.status('p', one)).pid).toBe(first.pid);
    expect((await live.status('p')).instance).toBe(one);
    await first.end();
    expect((await live.status('p')).instance).toBe(other);
    await second.end();
    expect(socketsIn(home)).toEqual([]);
  },
);

it(
  verifies('LIVE-SOCKET', 'what a killed instance left is in nobody’s way and gone with the next start'),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    home.addProxy('p_2', { backend: plainServer() });
    using live = new LiveClient(home);
    await using killed = home.start('p');
    await killed.initialize();
    const { instance: dead } = await live.status('p');
    // Of a proxy whose name begins alike.
    await using neighbour = home.start('p_2');
    await neighbour.initialize();
    const { instance: beside } = await live.status('p_2');
    killed.child.kill('SIGKILL');
    await eventually('its end', () => killed.exit !== undefined);
    expect(existsSync(home.paths.proxySocket('p', dead))).toBe(true);

    await using next = home.start('p');
    await next.initialize();
    const status = await eventually('the next one', async () => {
      const now = await live.status('p').catch(() => undefined);
      return now !== undefined && now.instance !== dead && now;
    });
    expect(status.pid).toBe(next.pid);
    expect([...socketsIn(home)].sort()).toEqual(
      ['p', 'p_2']
        .map((name) => `proxy_${name}.sock`)
        .concat(`proxy_p.${status.instance}.sock`, `proxy_p_2.${beside}.sock`)
        .sort(),
    );
    await next.end();
    await neighbour.end();
  },
);

it(
  verifies(
    'LIVE-SOCKET',
    'a name that leads to no instance of the proxy is taken over, whatever is in its place',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    home.addProxy('q', { backend: plainServer() });
    mkdirSync(home.paths.run, { mode: 0o700 });
    const stranger = join(home.paths.run, 'stranger.sock');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(stranger, resolve));
    symlinkSync(stranger, home.paths.proxySocket('p'));
    writeFileSync(home.paths.proxySocket('q'), 'no socket');
    using live = new LiveClient(home);
    await using p = home.start('p');
    await using q = home.start('q');
    await Promise.all([p.initialize(), q.initialize()]);
    expect((await live.status('q')).pid).toBe(q.pid);
    await eventually('its name', () => live.named('p')?.startsWith('inst_'));
    expect((await live.status('p')).pid).toBe(p.pid);
    server.close();
    await p.end();
    await q.end();
  },
);

it.each([
  [
    'can be written into by others',
    (run: string) => chmodSync(run, 0o777),
    'Nobody can look at this instance',
  ],
  [
    'holds a folder in the place of the name',
    (run: string) => mkdirSync(join(run, 'proxy_p.sock')),
    "The proxy's name does not lead to this instance",
  ],
] as const)(
  verifies('LIVE-APART', 'a folder for sockets that %s is told and recorded, and ends nothing'),
  async (_what, spoil, told) => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    mkdirSync(home.paths.run, { mode: 0o700 });
    spoil(home.paths.run);
    await using client = home.start('p');
    await client.initialize();
    const incident = await eventually('the incident', () =>
      records(home, 'p').find((record) => record.type === 'incident'),
    );
    expect(incident).toMatchObject({ detail: expect.stringContaining(told) });
    expect(client.stderr).toContain(told);
    expect((await client.call('echo', { message: 'still here' })).result.content[0].text).toBe(
      'echo: still here',
    );
    await client.end();
    expect(client.exit).toMatchObject({ code: 0 });
  },
);

it(
  verifies(
    'LIVE-SOCKET',
    'where the home’s path is too long for a socket, it is found in a short private folder',
  ),
  async () => {
    await using deep = new TempHome(`acp-${'long'.repeat(25)}-`);
    deep.addProxy('p', { backend: plainServer() });
    using live = new LiveClient(deep);
    await using killed = deep.start('p');
    await killed.initialize();
    const { instance } = await live.status('p');
    const socket = deep.paths.proxySocket('p', instance);
    expect(socket.startsWith(deep.base)).toBe(false);
    expect(modeOf(socket)).toBe(0o600);
    killed.child.kill('SIGKILL');
    await eventually('its end', () => killed.exit !== undefined);
    await using next = deep.start('p');
    await next.initialize();
    const status = await eventually('the next one', async () => {
      const now = await live.status('p').catch(() => undefined);
      return now !== undefined && now.instance !== instance && now;
    });
    expect(status.pid).toBe(next.pid);
    expect(existsSync(socket), basename(socket)).toBe(false);
    await next.end();
    expect(existsSync(deep.paths.proxySocket('p', status.instance))).toBe(false);
  },
);

it(
  verifies(
    ['LIVE-SOCKET', 'SEVERAL-CLIENTS'],
    'eight that start at once serve eight states, and one that is killed does not take the name with it',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    using live = new LiveClient(home);
    const clients = Array.from({ length: 8 }, () => home.start('p'));
    await using _clients: AsyncDisposable = {
      [Symbol.asyncDispose]: async () => {
        await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
      },
    };
    await Promise.all(clients.map((client) => client.initialize()));
    const instances = instancesOf(home, 'p');
    expect(instances).toHaveLength(8);
    const pids = await Promise.all(instances.map(async (instance) => (await live.status('p', instance)).pid));
    expect([...pids].sort()).toEqual(clients.map(({ pid }) => pid).sort());
    const named = await live.status('p');
    const killed = clients.find(({ pid }) => pid === named.pid);
    killed?.child.kill('SIGKILL');
    // The others look after it now and then.
    const next = await eventually('another one', async () => {
      const now = await live.status('p').catch(() => undefined);
      return now !== undefined && now.instance !== named.instance && now;
    });
    expect(instances).toContain(next.instance);
    await Promise.all(clients.filter((client) => client !== killed).map((client) => client.end()));
    // Nobody was left to tidy up after the one that was killed.
    expect(socketsIn(home)).toEqual([`proxy_p.${named.instance}.sock`]);
  },
);

it(
  verifies(
    'LIVE-SOCKET',
    'whoever asks an instance for another one, or for another proxy, is told that it is not',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    using live = new LiveClient(home);
    await using client = home.start('p');
    await client.initialize();
    const { instance } = await live.status('p');
    const { api, close } = openSocketClient<ProxyRouter>({ path: home.paths.proxySocket('p', instance) });
    const refusal = (target: { readonly proxy: string; readonly instance?: string }) =>
      api.proxy.status.query(target).then(
        () => 'answered',
        (error: unknown) => acpErrorOf(error).code,
      );
    expect(await refusal({ proxy: 'p' })).toBe('answered');
    expect(await refusal({ proxy: 'p', instance })).toBe('answered');
    expect(await refusal({ proxy: 'q' })).toBe('proxy_unknown');
    expect(await refusal({ proxy: 'p', instance: 'inst_aaaaaaaaaaaaaaaa' })).toBe('proxy_disconnected');
    close();
    await client.end();
  },
);
