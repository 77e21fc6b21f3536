import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually } from '../resources/journal.ts';
import { type RunningManager, startManager } from '../resources/manager.ts';
import { TempHome } from '../resources/temp-home.ts';

const figure = async ({ client }: RunningManager, name: string): Promise<number> => {
  const { text } = await client.api.manager.metrics.query();
  const line = text.split('\n').find((one) => one.startsWith(`mcp_acp_${name}{`));
  return Number(line?.split(' ').at(-1) ?? 0);
};

const requests = async ({ client }: RunningManager): Promise<number> =>
  (await client.api.proxies.totals.query()).statistics.requests;

it(
  verifies(
    ['METRICS-COUNTED', 'SESSION-KEPT'],
    'a manager that is started again counts no call twice, and knows the session that ended while it was away',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('files', { backend: plainServer() });
    const first = await startManager(home);
    await using client = home.start('files');
    await client.initialize();
    await eventually(
      'the instance',
      async () => (await first.client.api.proxies.totals.query()).instances === 1,
    );
    for (let call = 0; call < 20; call++) await client.call('read_file', { path: 'a' });
    await eventually('20 calls', async () => (await figure(first, 'tool_calls_total')) === 20);
    expect(await figure(first, 'call_duration_seconds_count')).toBeGreaterThanOrEqual(20);
    const counted = await requests(first);
    expect(counted).toBeGreaterThanOrEqual(20);
    await first.stop();

    const second = await startManager(home);
    await eventually('the instance again', async () => (await requests(second)) === counted);
    expect(await figure(second, 'tool_calls_total')).toBe(0);
    expect(await figure(second, 'call_duration_seconds_count')).toBe(0);
    for (let call = 0; call < 5; call++) await client.call('read_file', { path: 'a' });
    await eventually('5 calls', async () => (await figure(second, 'tool_calls_total')) === 5);
    expect(await figure(second, 'call_duration_seconds_count')).toBe(5);
    await second.stop();
    await client.end();

    await using third = await startManager(home);
    const seen = await third.client.api.proxies.get.query({ proxy: 'files' });
    expect(seen).toMatchObject({
      connection: 'disconnected',
      last: { status: { statistics: { requests: counted + 5 } } },
    });
    expect(await figure(third, 'tool_calls_total')).toBe(0);
    expect(await figure(third, 'call_duration_seconds_count')).toBe(0);
  },
);
