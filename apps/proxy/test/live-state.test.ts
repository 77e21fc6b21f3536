import type { EventBatch } from '@mcp-acp/api/events/event-ring';
import { createRecordCounter } from '@mcp-acp/shared/count-records';
import type { RecordBody } from '@mcp-acp/shared/journal-record';
import { instanceStatusSchema } from '@mcp-acp/shared/live/instance-status';
import { liveEventSchema } from '@mcp-acp/shared/live/live-event';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answer, call, openLiveScene, readEvents, stdioBackend, turn } from './live-scene.ts';

/** One turn of an instance: what it appends, and whether the disk takes it. Outcomes are of calls that far back. */
const step = fc.record({
  fails: fc.boolean(),
  bodies: fc.array(
    fc.oneof(
      fc.constantFrom<RecordBody>(
        call(),
        call({ class: 'discovery', method: 'tools/list' }),
        call({ disposition: 'denied', effect: 'deny', reason: 'policy_denied' }),
        call({ disposition: 'unanswered', effect: 'ask', reason: 'nobody_could_be_asked', waitMs: 4 }),
        { type: 'session', event: 'renewed' },
        { type: 'tool', event: 'seen', tool: 'x', digest: '0'.repeat(64) },
      ),
      fc.integer({ min: 1, max: 6 }).map((back) => ({ type: 'back' as const, back })),
    ),
    { maxLength: 6 },
  ),
});

it('[LIVE-COUNTS] the counts are those of the records in the journal, also when the disk takes not all of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      await using scene = openLiveScene();
      for (const { fails, bodies } of steps) {
        scene.disk.fails = fails;
        let last = 0;
        for (const body of bodies) {
          last = scene.journal.append(body.type === 'back' ? answer(Math.max(1, last - body.back)) : body);
        }
        await turn();
      }
      scene.disk.fails = false;
      await turn();
      const counter = createRecordCounter();
      for (const record of scene.records()) {
        if (record.type === 'decision') counter.decided(record.seq, record);
        if (record.type === 'outcome') counter.finished(record);
      }
      expect(scene.live.status().statistics).toEqual(counter.statistics());
    }),
    { numRuns: 100 },
  );
});

it('[LIVE-STATUS] the status is what the records say, in the form the API has for it', async () => {
  await using scene = openLiveScene();
  scene.journal.append({
    type: 'session',
    event: 'identified',
    client: 'c'.repeat(3000),
    clientVersion: '1.0',
    revision: '2025-11-25',
    era: 'stateful',
    server: 's'.repeat(3000),
    serverVersion: '0.2.0',
  });
  scene.counts.tools = 3;
  scene.counts.inFlight = 1;
  scene.journal.append(call());
  await turn();
  const status = instanceStatusSchema.parse(scene.live.status());
  expect(status).toMatchObject({
    client: { name: 'c'.repeat(1024), version: '1.0' },
    revision: '2025-11-25',
    era: 'stateful',
    tools: 3,
    inFlight: 1,
    disabled: false,
    backend: {
      ...{ kind: 'stdio', target: '/usr/bin/node', state: 'connected', retries: 0 },
      server: { name: 's'.repeat(1024), version: '0.2.0' },
    },
    statistics: { requests: 1, allowed: 1 },
    journal: { append: { count: expect.any(Number) }, sync: { count: expect.any(Number) } },
  });
  scene.live.backendEnded({ kind: 'signalled', signal: 'SIGKILL' });
  expect(scene.live.status().backend).toMatchObject({
    state: 'ended',
    lastError: { error: 'signal SIGKILL' },
  });
});

it('[LIVE-STATUS] an HTTP backend is as its records say, with how often it was connected to again', async () => {
  const {
    args: _a,
    command: _c,
    env: _e,
    inheritEnv: _i,
    callIdleMs: _m,
    ...common
  } = stdioBackend as never as Record<string, never>;
  await using scene = openLiveScene({
    backend: {
      ...(common as object),
      id: 'remote',
      transport: 'http',
      url: 'https://example.org/mcp?key=secret',
      headers: {},
      inheritHeaders: [],
      connectMs: 1,
      firstByteMs: 1,
      idleMs: 1,
      connectRetries: 1,
      maxConnections: 1,
    } as never,
  });
  const state = (body: object) =>
    scene.journal.append({ type: 'session', event: 'backend', ...body } as RecordBody);
  expect(scene.live.status().backend).toMatchObject({
    state: 'connecting',
    target: 'https://example.org/mcp',
  });
  state({ state: 'connected' });
  state({ state: 'reconnecting', error: 'ECONNRESET' });
  state({ state: 'connected' });
  scene.journal.append({ type: 'session', event: 'renewed' });
  await turn();
  expect(scene.live.status().backend).toMatchObject({
    kind: 'http',
    state: 'connected',
    connectMs: 12,
    retries: 2,
    lastError: { error: 'ECONNRESET' },
  });
});

it('[LIVE-EVENTS] what is recorded is told, each with the record that says it, in the form the API has for it', async () => {
  await using scene = openLiveScene();
  const reader = readEvents(scene.live);
  await turn();
  const { journal } = scene;
  journal.append({ type: 'session', event: 'identified', client: 'agent', clientVersion: '2' });
  const decision = journal.append(call({ tool: 't'.repeat(256) }));
  journal.append(call({ class: 'notification', disposition: 'observed' }));
  journal.append(answer(decision));
  journal.append(call({ disposition: 'denied', effect: 'deny', reason: 'policy_denied' }));
  journal.append({ type: 'session', event: 'backend', state: 'reconnecting', error: 'e'.repeat(5000) });
  journal.append({ type: 'policy', event: 'held', version: 'f'.repeat(64), changed: ['x'] });
  journal.append({ type: 'config', event: 'loaded', version: 'f'.repeat(64), changed: ['enabled'] });
  journal.append({ type: 'incident', code: 'internal', detail: 'd'.repeat(5000) });
  scene.counts.tools = 2;
  journal.append({ type: 'tool', event: 'seen', tool: 'a', digest: 'a' });
  journal.append(
    answer(journal.append(call({ class: 'discovery', method: 'tools/list' })), { method: 'tools/list' }),
  );
  await reader.until('the statistics', () => reader.types().includes('statistics'));
  scene.live.backendEnded({ kind: 'exited', code: 3 });
  await reader.until('the end', () =>
    reader.got.some(([, event]) => event.type === 'backend_state' && event.state === 'ended'),
  );
  await reader.stop();
  for (const [, event] of reader.got) liveEventSchema.parse(event);
  expect(reader.types().filter((type) => type !== 'statistics')).toEqual([
    'client_identified',
    'call_decided',
    'call_finished',
    'call_decided',
    'backend_state',
    'policy_reloaded',
    'config_reloaded',
    'incident',
    'call_decided',
    'call_finished',
    'tools_changed',
    'backend_state',
  ]);
  const written = scene.records();
  for (const [, event] of reader.got) {
    if (event.type !== 'call_decided' && event.type !== 'call_finished') continue;
    const record = written.find(({ seq }) => seq === event.seq);
    expect(record?.type).toBe(event.type === 'call_decided' ? 'decision' : 'outcome');
  }
  const numbers = reader.got.map(([id]) => Number(id.split('.')[1]));
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(new Set(numbers).size).toBe(numbers.length);
});

it('[LIVE-EVENTS] statistics are told when something changed and somebody listens, and else not', async () => {
  await using scene = openLiveScene();
  scene.journal.append(call());
  await turn();
  const first = readEvents(scene.live);
  await turn();
  scene.journal.append(call());
  await first.until('statistics', () => first.types().includes('statistics'));
  // Long enough for another, if there were a reason.
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  expect(first.types().filter((type) => type === 'statistics')).toHaveLength(1);
  await first.stop();
});

it('[LIVE-EVENTS] a failing disk is told at once, and not once for every record', async () => {
  await using scene = openLiveScene();
  const reader = readEvents(scene.live);
  await turn();
  scene.disk.fails = true;
  for (let times = 0; times < 20; times++) {
    scene.journal.append(call());
    await turn();
  }
  await reader.until('the incident', () => reader.types().includes('incident'));
  await reader.stop();
  expect(reader.types()).toEqual(['incident']);
  expect(reader.got[0]?.[1]).toMatchObject({ code: 'journal_unavailable', detail: 'ENOSPC' });
});

it('[LIVE-RESUME] a reader that comes back gets what it missed, and is told where that is gone', async () => {
  await using scene = openLiveScene();
  const first = readEvents(scene.live);
  await turn();
  for (let times = 0; times < 3; times++) scene.journal.append(call({ tool: `early-${times}` }));
  await first.until(
    'three calls',
    () => first.types().filter((type) => type === 'call_decided').length === 3,
  );
  await first.stop();
  const had = first.got.find(([, event]) => event.type === 'call_decided')?.[0] ?? '';

  const again = readEvents(scene.live, had);
  await again.until('the rest', () => again.types().filter((type) => type === 'call_decided').length === 2);
  await again.stop();
  expect(again.types()).not.toContain('resync');

  for (let times = 0; times < 20_000; times++) scene.journal.append(call());
  await turn();
  for (const id of [had, 'inst_aaaaaaaaaaaaaaaa.1', 'nonsense', `${scene.instance}.999999`]) {
    const late = readEvents(scene.live, id);
    await late.until('a resync', () => late.got.length > 0);
    scene.journal.append(call({ tool: 'new' }));
    await late.until('what comes next', () => late.types().includes('call_decided'));
    await late.stop();
    expect(late.types()[0]).toBe('resync');
    const next = late.got.find(([, event]) => event.type === 'call_decided')?.[1];
    expect(next).toMatchObject({ tool: 'new' });
  }
});

it('[LIVE-RESUME] a reader that does not keep up is told so and goes on, and nothing is kept for it', async () => {
  await using scene = openLiveScene();
  const over = new AbortController();
  const events = scene.live
    .read({ lastEventId: undefined, canAnswer: false }, over.signal)
    [Symbol.asyncIterator]();
  const first = events.next();
  await turn();
  for (let round = 0; round < 10; round++) {
    for (let times = 0; times < 2_000; times++) scene.journal.append(call({ tool: `${round}` }));
    await turn();
  }
  const typesOf = (batch: EventBatch | undefined) => [...new Set(batch?.map(([, { type }]) => type))];
  expect(typesOf((await first).value)).toEqual(['call_decided']);
  expect(typesOf((await events.next()).value)).toEqual(['resync']);
  scene.journal.append(call({ tool: 'after' }));
  for (;;) {
    const batch: EventBatch = (await events.next()).value ?? [];
    if (batch.some(([, event]) => event.type === 'call_decided' && event.tool === 'after')) break;
    expect(typesOf(batch)).not.toContain('resync');
  }
  over.abort();
  await events.return?.();
});

it('[LIVE-EVENTS] records can be taken as they are, from the first one on', async () => {
  const taken: number[] = [];
  await using scene = openLiveScene({ tap: (seq) => taken.push(seq) });
  const first = scene.journal.append(call());
  await turn();
  scene.journal.append(answer(first));
  await turn();
  expect(taken).toEqual([first, first + 1]);
});

it('[LIVE-APART] a fault of the live state is told, and the journal and who appends to it hear nothing of it', async () => {
  await using scene = openLiveScene({
    tap: (seq) => {
      throw new Error(`fault ${seq % 2}`);
    },
  });
  for (let times = 0; times < 100; times++) {
    scene.journal.append(call());
    await turn();
  }
  expect(scene.records().filter(({ type }) => type === 'decision')).toHaveLength(100);
  expect(scene.live.status().statistics.requests).toBe(100);
  // Again and again in other words, and not for ever.
  expect(scene.troubles).toHaveLength(16);
  expect(scene.troubles[0]).toMatchObject({ code: 'internal', message: expect.stringContaining('fault') });
});
