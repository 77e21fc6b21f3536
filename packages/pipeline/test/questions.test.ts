import { createManualClock } from '@mcp-acp/testing/manual-clock';
import { describe, expect, it } from 'vitest';
import { rateLimitGuard } from '../src/guards/rate-limit-guard.ts';
import { answer, asks, events, granting, ids, only, pending, refusal, write } from './asking.ts';
import { call, createPepUnderTest, initialize, parse, turn, watching } from './pep-under-test.ts';

describe('a question', () => {
  it('[ASK-HELD] [ASK-RECORDED] waits with its call, which leaves as the bytes that came once it is approved', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    const line = `{"params":{"arguments":{"path":"/srv/secret-name",  "n":1e2},"name":"write_file"},"method":"tools/call","id":7,"jsonrpc":"2.0"}`;
    await pep.say('client', line);
    expect(pep.atServer).toEqual([]);
    expect(only(pep)).toMatchObject({
      tool: 'write_file',
      rule: 'writes',
      state: 'held',
      attempts: 1,
      definition: 'never_seen',
      offers: [],
      destinations: [{ kind: 'path', text: '/srv/secret-name', mentioned: false }],
    });
    expect(pep.point.approvals.card(only(pep).approval).arguments).toBe(
      '{"path":"/srv/secret-name",  "n":1e2}',
    );
    pep.clock.advance(1500);
    expect(await answer(pep, 'approve')).toMatchObject({ result: 'released', ended: { end: 'approved' } });
    expect(pep.atServer).toEqual([line]);
    expect(pep.decisions()).toMatchObject([{ disposition: 'forwarded', channel: 'cli', waitMs: 1500 }]);
    expect(pep.journal.records.map((record) => ('event' in record ? record.event : record.type))).toEqual([
      'asked',
      'approved',
      'decision',
    ]);
    expect(JSON.stringify(pep.journal.records)).not.toContain('secret-name');
    expect(pending(pep)).toEqual([]);
  });

  it('[ASK-DENIED] a denial is told with its reason', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', write(1));
    expect(await answer(pep, 'deny', { reason: 'not on a Friday' })).toMatchObject({ result: 'refused' });
    expect(pep.atServer).toEqual([]);
    expect(refusal(pep.atClient[0])).toBe('person_denied');
    expect(pep.atClient[0]).toContain('not on a Friday');
    expect(pep.decisions()).toMatchObject([
      { disposition: 'denied', reason: 'person_denied', effect: 'ask' },
    ]);
  });

  it('[ASK-TWO-CLOCKS] after the hold the call is told to try again, and a late yes lets one attempt pass', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', write(1));
    pep.clock.advance(45_000);
    await turn();
    expect(refusal(pep.atClient[0])).toBe('approval_pending');
    expect(only(pep).state).toBe('open');
    expect(await answer(pep, 'approve')).toMatchObject({ result: 'next_attempt' });
    await pep.say('client', write(2));
    expect(ids(pep.atServer)).toEqual([2]);
    expect(pep.decisions().at(-1)).toMatchObject({ disposition: 'forwarded', grant: expect.any(String) });
    await pep.say('client', write(3));
    expect(ids(pep.atServer)).toEqual([2]);
    expect(only(pep).state).toBe('held');
  });

  it('[ASK-TWO-CLOCKS] the same call joins the open question, and another call does not', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', write(1));
    const { approval } = only(pep);
    pep.clock.advance(45_000);
    await pep.say('client', write(2));
    expect(only(pep)).toMatchObject({ approval, state: 'held', attempts: 2 });
    await pep.say('client', write(3, '/srv/b.txt'), write(4));
    expect(pending(pep).map(({ attempts }) => attempts)).toEqual([2, 1, 1]);
    pep.clock.advance(45_000);
    await turn();
    // Calls 2 and 4 asked the same: what is left of them is one question.
    expect(pending(pep).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['open', 3],
      ['open', 1],
    ]);
    expect(pep.atClient.map(refusal)).toEqual(Array(4).fill('approval_pending'));
  });

  it('[ASK-TWO-CLOCKS] a late no refuses the next attempt, once, with its reason', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', write(1));
    pep.clock.advance(45_000);
    await answer(pep, 'deny', { reason: 'no' });
    await pep.say('client', write(2));
    expect(refusal(pep.atClient[1])).toBe('person_denied');
    await pep.say('client', write(3));
    expect(only(pep).state).toBe('held');
  });

  it('[ASK-EXPIRED] that nobody answered is an end of its own', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching, openMs: 60_000 });
    await pep.say('client', write(1));
    pep.clock.advance(50_000);
    await pep.say('client', write(2));
    pep.clock.advance(10_000);
    await turn();
    expect(pep.atClient.map(refusal)).toEqual(['approval_pending', 'approval_expired']);
    expect(pending(pep)).toEqual([]);
    expect(events(pep)).toEqual(['asked', 'open', 'asked', 'expired']);
    expect(pep.decisions().map(({ disposition }) => disposition)).toEqual(['unanswered', 'unanswered']);
  });

  it('[ASK-WITHDRAWN] goes with its call, which is never sent', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', write(1));
    const { approval, digest } = only(pep);
    await pep.say('client', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    expect(pending(pep)).toEqual([]);
    const late = pep.point.approvals.answer({ approval, digest, answer: 'approve' }, 'dashboard');
    await turn();
    expect(late).toMatchObject({ result: 'too_late', ended: { end: 'withdrawn' } });
    expect([pep.atServer, pep.atClient]).toEqual([[], []]);
  });

  it('[ASK-WITHDRAWN] is answered with what happened where the backend is gone', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', write(1));
    pep.point.backendGone({ code: 'backend_exited', detail: 'it ended' });
    await turn();
    expect(refusal(pep.atClient[0])).toBe('backend_exited');
    expect(pending(pep)).toEqual([]);
    expect(pep.decisions()).toMatchObject([{ disposition: 'failed' }]);
  });

  it('[ASK-NOBODY] is refused at once where nobody is there, and can be answered all the same', async () => {
    const pep = createPepUnderTest({ rules: asks() });
    await pep.say('client', write(1));
    expect(refusal(pep.atClient[0])).toBe('nobody_could_be_asked');
    expect(only(pep).state).toBe('open');
    await answer(pep, 'approve');
    await pep.say('client', write(2));
    expect(ids(pep.atServer)).toEqual([2]);
  });

  it('[ASK-NOBODY] waits for the notification to be delivered, not for the person', async () => {
    let reach = (_reached: boolean): void => undefined;
    const summoned = new Promise<boolean>((resolve) => {
      reach = resolve;
    });
    const person = { ...watching, isWatching: () => false, summon: () => summoned };
    const pep = createPepUnderTest({ rules: asks(), person });
    await pep.say('client', write(1));
    expect(only(pep).state).toBe('held');
    reach(false);
    await turn();
    expect(refusal(pep.atClient[0])).toBe('nobody_could_be_asked');
  });

  it('[ASK-FIRST-ANSWER] has one answer', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', write(1));
    const { approval, digest } = only(pep);
    const answers = (['deny', 'approve', 'approve'] as const).map((one) =>
      pep.point.approvals.answer({ approval, digest, answer: one }, one === 'deny' ? 'cli' : 'dashboard'),
    );
    await turn();
    expect(answers.map((one) => one.result)).toEqual(['refused', 'too_late', 'too_late']);
    expect(answers[2]?.ended).toMatchObject({ end: 'denied', channel: 'cli' });
    expect([pep.atServer.length, pep.atClient.length]).toEqual([0, 1]);
  });

  it('[ASK-CHANNEL] a rule can want a certain way', async () => {
    const pep = createPepUnderTest({ rules: asks(', ask: { via: [dashboard] }'), person: watching });
    await pep.say('client', write(1));
    const { approval, digest } = only(pep);
    const by = (channel: 'cli' | 'dialog' | 'dashboard') =>
      pep.point.approvals.answer({ approval, digest, answer: 'approve' }, channel);
    expect(() => by('cli')).toThrow(expect.objectContaining({ code: 'channel_refused' }));
    expect(() => by('dialog')).toThrow(expect.objectContaining({ code: 'channel_refused' }));
    expect(by('dashboard').result).toBe('released');
    await pep.say('client', write(2));
    expect((await answer(pep, 'deny')).result).toBe('refused');
  });

  it('[ASK-CHANNEL] rules without a way in common ask nobody', async () => {
    const other = '  - { id: srv, effect: ask, when: { path_pattern: "/srv/**" }, ask: { via: [cli] } }';
    const pep = createPepUnderTest({
      rules: `${asks(', ask: { via: [dashboard] }')}${other}`,
      person: watching,
    });
    await pep.say('client', write(1));
    expect([refusal(pep.atClient[0]), pending(pep)]).toEqual(['nobody_could_be_asked', []]);
  });

  it('[ASK-BOUND] an answer to something else than was shown is none', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', write(1), write(2, '/srv/b.txt'));
    const [first, second] = pending(pep);
    expect(first?.digest).not.toBe(second?.digest);
    expect(() =>
      pep.point.approvals.answer(
        { approval: first?.approval ?? '', digest: second?.digest ?? '', answer: 'approve' },
        'cli',
      ),
    ).toThrow(expect.objectContaining({ code: 'approval_changed' }));
    expect(pep.atServer).toEqual([]);
  });

  it('[ASK-WITHDRAWN] what is open when the session ends is withdrawn on record, and grants end', async () => {
    const pep = createPepUnderTest({ rules: granting('exact'), person: watching });
    await pep.say('client', write(1));
    await answer(pep, 'approve', { reach: { scope: 'exact' } });
    await pep.say('client', write(2, '/srv/b.txt'));
    pep.clock.advance(45_000);
    pep.point.approvals.close();
    expect(events(pep).slice(-4)).toEqual(['asked', 'open', 'withdrawn', 'grant_ended']);
  });

  it('[ASK-BOUNDED] a list tells the beginning of what a card tells whole', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    const paths = Array.from({ length: 40 }, (_, index) => `/srv/${index}/${'x'.repeat(600)}`);
    await pep.say('client', call(1, 'write_file', { paths }));
    const { approval, destinations, destinationCount, preview } = only(pep);
    expect([destinations.length, destinationCount, preview.length]).toEqual([4, 40, 200]);
    const card = pep.point.approvals.card(approval);
    expect(card.destinations).toHaveLength(32);
    expect(card.destinations[0]?.text).toBe(paths[0]);
    expect(card.arguments).toBe(JSON.stringify({ paths }));
  });

  it('[ASK-BOUNDED] more than can be kept are refused', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    const calls = Array.from({ length: 2_050 }, (_, index) => write(index, `/srv/${index}`));
    await pep.say('client', ...calls);
    expect(pending(pep)).toHaveLength(2_048);
    expect(pep.atClient.map(refusal)).toEqual(['too_many_approvals', 'too_many_approvals']);
    const all = pending(pep).map(({ approval }) => approval);
    expect(pep.point.approvals.denyAll(all, 'dashboard', 'no')).toBe(2_048);
    await turn();
    expect(pep.atClient).toHaveLength(2_050);
  });
});

describe('what else can ask', () => {
  it('[ASK-HELD] the backend wants something of the client, and a person is asked first', async () => {
    const pep = createPepUnderTest({
      rules: '  - { id: samples, effect: ask, when: { mcp_method: "sampling/createMessage" } }',
      person: watching,
    });
    await initialize(pep);
    const sample = { jsonrpc: '2.0', id: 1, method: 'sampling/createMessage', params: { maxTokens: 5 } };
    await pep.say('server', sample);
    expect(only(pep)).toMatchObject({ from: 'server', method: 'sampling/createMessage', rule: 'samples' });
    expect(pep.atClient).toEqual([]);
    await answer(pep, 'approve');
    expect(pep.atClient.map((line) => parse(line))).toEqual([sample]);
  });

  it('[ASK-DECIDED-ANEW] a limit asks: a yes is not counted against it, and a changed policy releases nothing', async () => {
    const limits = createManualClock();
    const pep = createPepUnderTest({
      rules: asks(),
      person: watching,
      guards: (standard) => [...standard, rateLimitGuard({ calls: 1, perMs: 60_000, effect: 'ask' }, limits)],
    });
    const read = (id: number) => call(id, 'read_file', { path: '/srv/a' });
    await pep.say('client', read(1), read(2));
    expect(ids(pep.atServer)).toEqual([1]);
    expect(only(pep).rule).toBeUndefined();
    pep.reload(`${asks()}  - { id: more, effect: allow, when: { tool_name: "list_*" } }`);
    expect(only(pep).state).toBe('held');
    expect(await answer(pep, 'approve')).toMatchObject({ result: 'released' });
    expect(ids(pep.atServer)).toEqual([1, 2]);
  });

  it('[ASK-HELD] a member of a batch cannot wait, so none of the batch is sent', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await initialize(pep, '2025-03-26');
    await pep.say('client', `[${JSON.stringify(write(1))},${JSON.stringify(call(2, 'read_file'))}]`);
    expect([pep.atServer, pending(pep)]).toEqual([[], []]);
  });
});
