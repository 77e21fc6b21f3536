import { openJournal } from '@mcp-acp/audit/open-journal';
import { systemClock } from '@mcp-acp/shared/clock';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { DecisionBody } from '@mcp-acp/shared/journal-record';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latencyStatistics, summary } from '../src/latency.ts';
import { findRecord, readLogs } from '../src/read-logs.ts';
import { workshop } from './workshop.ts';

const call = (tool: string, more: Partial<DecisionBody> = {}): DecisionBody => ({
  type: 'decision',
  from: 'client',
  class: 'access',
  method: 'tools/call',
  tool,
  subject: 'local:test',
  effect: 'allow',
  disposition: 'forwarded',
  size: 10,
  evalMs: 0.5,
  ...more,
});

async function recorded() {
  const w = workshop();
  const journal = openJournal({
    auditDir: w.paths.auditDir('files'),
    emergencyFile: w.paths.incidents.emergency,
    proxyId: w.config.id,
    proxyName: 'files',
    instance: 'inst_abcdefghijklmnop' as InstanceId,
    durability: 'flush',
    clock: systemClock,
    opened: {},
  });
  const first = journal.append(call('read'));
  journal.append({ type: 'outcome', decision: first, status: 'ok', durationMs: 3, backendMs: 2 });
  const listing = journal.append({ ...call('x'), method: 'tools/list', class: 'discovery' });
  journal.append({ type: 'outcome', decision: listing, status: 'ok', durationMs: 99, backendMs: 98 });
  journal.append(call('write', { effect: 'deny', disposition: 'denied', reason: 'policy_denied' }));
  journal.append(call('write', { effect: 'ask', disposition: 'forwarded', waitMs: 1200, evalMs: 1.5 }));
  await journal.close('test');
  return { w, first };
}

test('outcomes ride with their decisions, the newest first', async () => {
  const { w, first } = await recorded();
  using _ = w;
  const entries = await readLogs(w.paths, 'files', { types: ['decision'], limit: 50 });
  expect(entries.map(({ record }) => ('tool' in record ? record.tool : undefined))).toEqual([
    'write',
    'write',
    'x',
    'read',
  ]);
  expect(entries.at(-1)?.outcome).toMatchObject({ status: 'ok', decision: first });
  expect(entries[0]).not.toHaveProperty('outcome');
});

test('filters hold together', async () => {
  const { w } = await recorded();
  using _ = w;
  const count = async (filter: object) => (await readLogs(w.paths, 'files', { limit: 50, ...filter })).length;
  expect(await count({ tool: 'write' })).toBe(2);
  expect(await count({ tool: 'write', decision: 'deny' })).toBe(1);
  expect(await count({ decision: 'forwarded' })).toBe(3);
  expect(await count({ types: ['outcome'] })).toBe(2);
  expect(await count({ text: 'POLICY_DENIED' })).toBe(1);
  expect(await count({ since: Date.now() + 60_000 })).toBe(0);
  expect(await count({ limit: 2 })).toBe(2);
  expect(await count({ limit: 0 })).toBe(0);
});

test('a record is found by its number', async () => {
  const { w, first } = await recorded();
  using _ = w;
  expect(await findRecord(w.paths, 'files', { seq: first, instance: 'abc' })).toMatchObject([
    { record: { tool: 'read' }, outcome: { status: 'ok' } },
  ]);
  expect(await findRecord(w.paths, 'files', { seq: first, instance: 'zzz' })).toEqual([]);
});

test('latencies are those of access requests', async () => {
  const { w } = await recorded();
  using _ = w;
  const statistics = await latencyStatistics(w.paths, ['files'], {});
  expect(statistics.evaluation).toMatchObject({ n: 3, median: 0.5 });
  expect(statistics.backend).toEqual({ n: 1, median: 2, p95: 2 });
  expect(statistics.humanWait).toMatchObject({ n: 1, median: 1200 });
});

test('a summary lies within what was measured', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 2 }), (samples) => {
      const { n, median, p95, sigma } = summary([...samples]);
      expect(n).toBe(samples.length);
      expect(median).toBeGreaterThanOrEqual(Math.min(...samples));
      expect(p95).toBeLessThanOrEqual(Math.max(...samples));
      expect(p95).toBeGreaterThanOrEqual(median ?? 0);
      expect(sigma).toBeGreaterThanOrEqual(0);
    }),
  );
  expect(summary([4, 2, 1, 3])).toMatchObject({ n: 4, median: 2.5 });
});
