import { openPayloadStore } from '@mcp-acp/audit/payload-store';
import { newInstanceId } from '@mcp-acp/shared/ids';
import type { ApprovalBody } from '@mcp-acp/shared/journal-record';
import { expect, test } from 'vitest';
import { decision, historyScene, letDie, turn } from './history-scene.ts';

const approval = `appr_${'a'.repeat(16)}`;
const asked: ApprovalBody = {
  type: 'approval',
  event: 'asked',
  approval,
  requestId: '7',
  method: 'tools/call',
  tool: 'write_file',
  client: 'Kläre 🙂',
  decidedBy: 'writes',
};

test('[HISTORY-APPROVALS] what was asked of a person is found by what it was about, by whom and by their words', async () => {
  await using scene = historyScene();
  const journal = scene.proxy('files').open();
  journal.append(asked);
  const denied: ApprovalBody = {
    ...asked,
    event: 'denied',
    channel: 'dashboard',
    by: 'local:ann',
    detail: 'Not on a Friday',
  };
  journal.append(denied);
  journal.append({ ...asked, event: 'grant_made', channel: 'cli', effect: 'allow', tool: 'other' });
  await turn();
  const history = await scene.history();
  await history.settled();
  const found = async (query: object): Promise<unknown[]> =>
    (await history.records({ limit: 50, type: 'approval', ...query })).records.map(({ event }) => event);
  expect(await found({})).toEqual(['grant_made', 'denied', 'asked']);
  expect(await found({ text: 'friday' })).toEqual(['denied']);
  expect(await found({ text: 'dashboard ann' })).toEqual(['denied']);
  expect(await found({ tool: 'other' })).toEqual(['grant_made']);
  expect(await found({ client: 'Kläre 🙂', rule: 'writes' })).toEqual(['grant_made', 'denied', 'asked']);
  expect(await found({ client: 'Kläre' })).toEqual([]);
  expect(await found({ rule: 'reads' })).toEqual([]);
  const [record] = (await history.records({ limit: 1, type: 'approval', text: 'friday' })).records;
  expect(record).toMatchObject({ decidedBy: 'writes', reason: 'dashboard', detail: 'Not on a Friday' });
  letDie(journal);
});

test('[HISTORY-RULE-HITS] rules are counted by what they decided since a time, whichever side of it is shorter', async () => {
  await using scene = historyScene();
  const time = { ms: Date.parse('2026-01-01T00:00:00Z') };
  const clock = { now: () => time.ms, monotonicMs: () => 0 };
  const journal = scene.proxy('files').open({ clock });
  const hits: { rule: string; at: number }[] = [];
  for (let count = 0; count < 200; count++) {
    time.ms += 60_000;
    const rule = ['reads', 'writes', 'secrets'][count % 3] as string;
    journal.append(decision({ tool: `tool_${count % 4}`, decidedBy: rule, effect: 'allow' }));
    hits.push({ rule, at: time.ms });
  }
  journal.append(decision({ effect: 'deny', disposition: 'denied' }));
  await turn();
  const other = scene.proxy('mail').open({ clock });
  other.append(decision({ decidedBy: 'reads' }));
  await turn();
  const history = await scene.history();
  await history.settled();
  const starts = [0, ...[1, 5, 60, 100, 150, 198, 199].map((at) => hits[at]?.at ?? 0), time.ms + 1];
  for (const since of starts) {
    const counted = await history.ruleHits({ proxy: 'files', since });
    const wanted = ['reads', 'writes', 'secrets'].flatMap((rule) => {
      const own = hits.filter((hit) => hit.rule === rule && hit.at >= since);
      return own.length === 0 ? [] : [{ rule, hits: own.length, lastHit: own.at(-1)?.at }];
    });
    expect(Object.fromEntries(counted.map((one) => [one.rule, one])), String(since)).toEqual(
      Object.fromEntries(wanted.map((one) => [one.rule, one])),
    );
  }
  expect(await history.ruleHits({ proxy: 'mail', since: 0 })).toHaveLength(1);
  expect(await history.ruleHits({ proxy: 'none', since: 0 })).toEqual([]);
  for (const open of [journal, other]) letDie(open);
});

test('[HISTORY-LAST-APPROVED] the last call a person let through is the newest whose arguments are still kept', async () => {
  await using scene = historyScene();
  const instance = newInstanceId((length) => new Uint8Array(length).fill(5));
  const payloads = openPayloadStore({ dir: scene.paths.payloadsDir('files'), instance });
  const journal = scene.proxy('files').open({ instance, payloads });
  const call = (path: string, more: object): void =>
    void journal.append(
      decision({
        tool: 'write_file',
        effect: 'ask',
        payload: payloads.add(JSON.stringify({ path })),
        ...more,
      }),
    );
  call('/approved', {});
  call('/denied', { disposition: 'denied', reason: 'person_denied' });
  call('/allowed', { effect: 'allow' });
  call('/other', { tool: 'other' });
  journal.append(decision({ tool: 'write_file', effect: 'ask' }));
  await turn();
  await journal.close('done');
  payloads.close();
  const history = await scene.history();
  await history.settled();
  const query = { proxy: 'files', tool: 'write_file' };
  expect(await history.lastApproved(query)).toEqual({
    time: expect.stringMatching(/Z$/),
    arguments: '{"path":"/approved"}',
  });
  expect(await history.lastApproved({ ...query, proxy: 'mail' })).toBeUndefined();
  expect(await history.lastApproved({ ...query, tool: 'none' })).toBeUndefined();
});
