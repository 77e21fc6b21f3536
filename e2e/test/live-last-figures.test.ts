import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually, records } from '../resources/journal.ts';
import { startManager } from '../resources/manager.ts';
import { TempHome } from '../resources/temp-home.ts';

it(
  verifies(
    ['LIVE-COUNTS', 'EVENTS-SEEN'],
    'a session that ends in the midst of its calls leaves the manager with the figures of its journal, and every event told',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer(), durability: 'flush' });
    await using manager = await startManager(home);
    const { api } = manager.client;
    await using client = home.start('p');
    await client.initialize();
    await eventually(
      'its joining',
      async () => (await api.proxies.get.query({ proxy: 'p' })).connection === 'connected',
    );
    const heard: string[] = [];
    const watching = api.events.live.subscribe(
      { proxy: 'p' },
      { onData: (batch) => heard.push(...batch.data.map(([, { type }]) => type)) },
    );
    let left = 3_000;
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        while (left-- > 0) await client.call('echo', { message: 'x' });
      }),
    );
    await client.end();
    const { last } = await eventually('its end', async () => {
      const seen = await api.proxies.get.query({ proxy: 'p' });
      return seen.connection === 'disconnected' && seen;
    });
    const written = records(home, 'p');
    const requests = written.filter(
      (record) => record.type === 'decision' && (record.class === 'access' || record.class === 'discovery'),
    );
    const outcomes = written.filter((record) => record.type === 'outcome' && record.method === 'tools/call');
    expect(outcomes).toHaveLength(3_000);
    expect(last?.status.statistics).toMatchObject({
      requests: requests.length,
      latency: { call: { count: outcomes.length } },
    });
    expect(last?.status).toMatchObject({ inFlight: 0, pending: 0 });
    await eventually('every event', () => heard.includes('proxy_disconnected'));
    watching.unsubscribe();
    expect(heard).not.toContain('resync');
    const finished = written.filter((record) => record.type === 'outcome');
    expect(heard.filter((type) => type === 'call_finished').length).toBeGreaterThanOrEqual(3_000);
    expect(heard.filter((type) => type === 'call_finished').length).toBeLessThanOrEqual(finished.length);
  },
);
