import { createRecordCounter } from '@mcp-acp/shared/count-records';
import { instanceStatusSchema } from '@mcp-acp/shared/live/instance-status';
import { liveEventSchema } from '@mcp-acp/shared/live/live-event';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { badServer, plainServer } from '../resources/fixtures.ts';
import { eventually, records } from '../resources/journal.ts';
import { LiveClient } from '../resources/live-client.ts';
import { TempHome } from '../resources/temp-home.ts';

const denyAdd =
  'version: 1\nrules:\n  - { id: all, effect: allow, when: { mcp_method: "*" } }\n  - { id: no-add, effect: deny, when: { tool_name: add } }\n  - { id: ask-upper, effect: ask, when: { tool_name: upper } }\n';

/** What the journal says of an instance, counted from its lines. */
function recount(home: TempHome, proxy: string, instance: string) {
  const counter = createRecordCounter();
  for (const record of records(home, proxy)) {
    if (record.instance !== instance) continue;
    if (record.type === 'decision') counter.decided(record.seq, record);
    if (record.type === 'outcome') counter.finished(record);
  }
  return counter.statistics();
}

it(
  verifies(
    ['LIVE-STATUS', 'LIVE-COUNTS'],
    'an instance tells who is connected, how it is and what its journal counts',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer(), policy: denyAdd });
    using live = new LiveClient(home);
    await using client = home.start('p');
    await client.initialize();
    await client.request('tools/list');
    for (let times = 0; times < 40; times++) {
      const tool = ['echo', 'add', 'upper'][times % 3] ?? 'echo';
      await client.call(tool, { message: 'x', a: 1, b: 2 });
    }
    await client.sendLine('{ nonsense');
    const { instance } = await live.status('p');
    // The answer to the nonsense may still be on its way into the journal.
    const status = await eventually('43 requests', async () => {
      const now = await live.status('p');
      return now.statistics.requests === 43 && now;
    });
    instanceStatusSchema.parse(status);
    expect(status).toMatchObject({
      name: 'p',
      pid: client.pid,
      client: { name: 'line-client' },
      era: 'stateful',
      disabled: false,
      inFlight: 0,
      // What nobody could be asked about can still be answered.
      pending: 1,
      backend: { kind: 'stdio', state: 'connected', connectMs: expect.any(Number) },
    });
    expect(status.journal?.append.count).toBeGreaterThan(0);
    expect(status.journal?.sync.count).toBeGreaterThan(0);
    const listed = await client.request('tools/list');
    expect(status.tools).toBe(listed.result.tools.length);
    const last = await eventually('one more', async () => {
      const now = await live.status('p');
      return now.statistics.requests === 44 && now;
    });
    expect(last.statistics).toEqual(recount(home, 'p', instance));
    const sum = (rows: readonly { readonly count: number }[] = []) =>
      rows.reduce((total, { count }) => total + count, 0);
    expect(sum(last.statistics.decided)).toBe(44);
    expect(sum(last.statistics.toolCalls)).toBe(40);
    expect(status.statistics.asked).toBeGreaterThan(0);
    expect(status.statistics.denied).toBeGreaterThan(0);
    await client.end();
  },
);

it(
  verifies('LIVE-STATUS', 'what waits for an answer is in flight, and a backend that died shows'),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: badServer('exits-in-call') });
    home.addProxy('slow', { backend: plainServer() });
    using live = new LiveClient(home);
    await using slow = home.start('slow');
    await slow.initialize();
    await live.status('slow');
    await slow.sendLine(
      '{"jsonrpc":"2.0","id":"s","method":"tools/call","params":{"name":"slow","arguments":{"ms":1500}}}',
    );
    await eventually('one in flight', async () => (await live.status('slow')).inFlight === 1);
    await slow.answerTo('s');
    expect((await live.status('slow')).inFlight).toBe(0);
    await slow.end();

    await using client = home.start('p');
    await client.initialize();
    await live.status('p');
    const events = live.listen('p');
    await events.started();
    await client.call('echo', { message: 'x' });
    const ended = await eventually('its end', () =>
      events.ofType('backend_state').find(({ state }) => state === 'ended'),
    );
    expect(ended.error).toMatch(/exit code|signal/);
    events.stop();
  },
);

it(
  verifies(
    ['LIVE-EVENTS', 'LIVE-RESUME'],
    'every call under load is told with its record, and a reader that left comes back to what it missed',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer(), durability: 'flush' });
    using live = new LiveClient(home);
    await using client = home.start('p');
    await client.initialize();
    const { instance } = await live.status('p');
    const first = live.listen('p');
    await first.started();
    await client.call('echo', { message: 'first' });
    await eventually('the first call', () => first.ofType('call_finished').length === 1);
    first.stop();
    const last = first.heard.at(-1)?.id ?? '';

    const calls = 500;
    for (let id = 0; id < calls; id++) {
      void client.sendLine(
        `{"jsonrpc":"2.0","id":"c${id}","method":"tools/call","params":{"name":"echo","arguments":{"message":"${id}"}}}`,
      );
    }
    for (let id = 0; id < calls; id++) await client.answerTo(`c${id}`);

    const again = live.listen('p', last);
    await eventually('all calls', () => again.ofType('call_finished').length >= calls);
    again.stop();
    expect(again.ofType('resync')).toEqual([]);
    const ids = again.heard.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const written = records(home, 'p').filter((record) => record.instance === instance);
    for (const { event } of again.heard) liveEventSchema.parse(event);
    const toldSeqs = [...again.ofType('call_decided'), ...again.ofType('call_finished')].map(
      ({ seq }) => seq,
    );
    const since = first.ofType('call_finished')[0]?.seq ?? 0;
    const recorded = written
      .filter(({ seq, type }) => seq > since && (type === 'decision' || type === 'outcome'))
      .map(({ seq }) => seq);
    expect(toldSeqs.sort((a, b) => a - b)).toEqual(recorded);
    await client.end();
  },
);
