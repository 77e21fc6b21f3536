import { readFileSync } from 'node:fs';
import type { ChangeBody, JournalRecord } from '@mcp-acp/shared/journal-record';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { decisions, eventually, records } from '../resources/journal.ts';
import { LiveClient } from '../resources/live-client.ts';
import { TempHome } from '../resources/temp-home.ts';

/** Changes members of a proxy's config.json as an editor would. */
function edit(home: TempHome, name: string, change: Readonly<Record<string, unknown>>): void {
  const config = JSON.parse(readFileSync(home.paths.proxyConfig(name), 'utf8'));
  home.write(home.paths.proxyConfig(name), `${JSON.stringify({ ...config, ...change }, null, 2)}\n`);
}

const configRecords = (home: TempHome): readonly ChangeBody[] =>
  records(home, 'p').filter((record): record is JournalRecord & ChangeBody => record.type === 'config');

it(
  verifies('PROXY-DISABLED', 'switched off while it runs, it refuses every request until it is switched on'),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    await using client = home.start('p');
    await client.initialize();
    await client.call('echo', { message: 'x' }, 'before');
    edit(home, 'p', { enabled: false });
    await eventually('the record', () => configRecords(home).some(({ event }) => event === 'loaded'));

    const called = await client.call('echo', { message: 'x' }, 'called');
    expect(called.result.isError).toBe(true);
    expect(called.result._meta['io.github.mcp-acp/refusal'].code).toBe('proxy_disabled');
    for (const method of ['tools/list', 'resources/list', 'ping', 'something/unknown']) {
      const refused = await client.request(method, {}, method);
      expect(refused.error?.data.code, method).toBe('proxy_disabled');
    }
    edit(home, 'p', { enabled: true });
    await eventually('the second record', () => configRecords(home).length === 2);
    expect((await client.call('echo', { message: 'y' }, 'after')).result.content[0].text).toBe('echo: y');
    await client.end();

    const refused = decisions(home, 'p').filter(({ reason }) => reason === 'proxy_disabled');
    expect(refused.map(({ method }) => method).sort()).toEqual(
      ['tools/call', 'tools/list', 'resources/list', 'ping', 'something/unknown'].sort(),
    );
    expect(new Set(refused.map(({ disposition }) => disposition))).toEqual(new Set(['denied']));
    expect(configRecords(home).map(({ event, changed }) => ({ event, changed }))).toEqual([
      { event: 'loaded', changed: ['enabled'] },
      { event: 'loaded', changed: ['enabled'] },
    ]);
  },
);

it(
  verifies(
    'PROXY-DISABLED',
    'a start of a proxy that is switched off is answered with the reason and the fix',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: ['/bin/false'] });
    edit(home, 'p', { enabled: false });
    await using client = home.start('p');
    const refused = await client.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'c', version: '1' },
    });
    expect(refused.error?.data.code).toBe('proxy_disabled');
    expect(refused.error?.message).toContain('mcp-acp proxy enable p');
    await eventually('its end', () => client.exit !== undefined);
    expect(client.exit).toEqual({ code: 16, signal: null });
    expect(records(home, 'p')).toEqual([]);
  },
);

it(
  verifies(
    'CONFIG-RELOAD',
    'a change is taken over, waits for a start, or is rejected; each is recorded and told',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    using live = new LiveClient(home);
    await using client = home.start('p');
    await client.initialize();
    const before = await live.status('p');
    const events = live.listen('p');
    await events.started();

    edit(home, 'p', { limits: { rate: { calls: 1, perMs: 3_600_000 } } });
    await eventually('the limit', () => events.ofType('config_reloaded').length === 1);
    expect((await client.call('echo', { message: 'x' }, 'one')).result.isError).toBeUndefined();
    const second = await client.call('echo', { message: 'x' }, 'two');
    expect(second.result._meta['io.github.mcp-acp/refusal'].code).toBe('rate_limited');

    edit(home, 'p', { logLevel: 'debug' });
    await eventually('what is held', () => events.ofType('config_reloaded').length === 2);
    home.write(home.paths.proxyConfig('p'), '{ "format": 1, ');
    await eventually('what is rejected', () => events.ofType('config_reloaded').length === 3);
    expect(events.ofType('config_reloaded')).toMatchObject([
      { outcome: 'loaded', changed: ['limits.rate.calls', 'limits.rate.perMs', 'limits.rate.effect'] },
      { outcome: 'held', changed: ['logLevel'] },
      { outcome: 'rejected', problem: expect.stringContaining('config.json:1:16') },
    ]);
    expect(configRecords(home).map(({ event }) => event)).toEqual(['loaded', 'held', 'rejected']);
    const after = await live.status('p');
    expect(after.configVersion).not.toBe(before.configVersion);
    expect(after.disabled).toBe(false);
    events.stop();
    await client.end();
  },
);

it(
  verifies(
    ['CONFIG-RELOAD', 'RELOAD-KEEPS-GOOD'],
    'whoever asks for a reload is told what became of it, and the record says who',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    using live = new LiveClient(home);
    await using client = home.start('p');
    await client.initialize();
    const { instance } = await live.status('p');
    const reload = () => live.api.proxy.reload.mutate({ proxy: 'p' });
    expect(await reload()).toEqual({ instance, policy: 'unchanged', config: 'unchanged' });

    home.write(home.paths.policy('p'), 'version: 1\nrules: []\n');
    expect(await reload()).toMatchObject({ policy: expect.stringMatching(/^(loaded|unchanged)$/) });
    expect((await client.call('echo', {}, 'denied')).result.isError).toBe(true);

    home.write(home.paths.policy('p'), 'version: 1\nrules: [oops]\n');
    edit(home, 'p', { logLevel: 'debug' });
    const told = await reload();
    expect(told).toMatchObject({ policy: 'rejected', config: 'held' });
    expect((await live.status('p')).policyAside).toMatchObject({
      event: 'rejected',
      problem: expect.stringContaining('policy.yaml'),
    });
    expect(told.problem).toContain('policy.yaml');
    expect(told.problem).toContain('logLevel');
    // The watch of the files may have been quicker; whatever a request caused names it.
    for (const record of records(home, 'p')) {
      if (record.type !== 'policy' && record.type !== 'config') continue;
      if (record.request !== undefined) expect(record.request).toMatch(/^req_[a-z2-7]{16}$/);
    }
    await client.end();
  },
);
