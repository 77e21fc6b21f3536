import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApprovalBody, JournalRecord } from '@mcp-acp/shared/journal-record';
import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { decisions, eventually, records } from '../resources/journal.ts';
import { LiveClient } from '../resources/live-client.ts';
import { startManager } from '../resources/manager.ts';
import { unlockPage } from '../resources/page.ts';
import { TempHome } from '../resources/temp-home.ts';

const asking = (more = '') => `version: 1
rules:
  - id: echoes
    effect: ask
    when: { tool_name: echo }${more}
`;

const approvals = (home: TempHome): readonly (JournalRecord & ApprovalBody)[] =>
  records(home, 'p').filter((record): record is JournalRecord & ApprovalBody => record.type === 'approval');

/** The only question that is pending, once there is one. */
async function question(live: LiveClient): Promise<PendingApproval> {
  let found: PendingApproval | undefined;
  await eventually('a question', async () => {
    const { pending } = await live.api.proxy.approvals
      .query({ proxy: 'p' })
      .catch(() => ({ pending: [] as PendingApproval[] }));
    found = pending[0];
    return pending.length === 1;
  });
  return found as PendingApproval;
}

const textOf = (answer: { readonly result?: { readonly content: readonly { readonly text: string }[] } }) =>
  answer.result?.content[0]?.text;

it(
  verifies(
    'ASK-HELD',
    'a call waits for a page, is approved there, and the journal says who, how and how long',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer(), policy: asking() });
    await using manager = await startManager(home);
    const page = await unlockPage(manager.client, manager.port);
    const events: string[] = [];
    const subscription = page.api.events.live.subscribe(
      { types: ['approval_asked', 'approval_ended'] },
      { onData: ({ data }) => events.push(...data.map(([, event]) => event.type)) },
    );
    await eventually(
      'the page',
      async () => (await manager.client.api.manager.status.query()).dashboards > 0,
    );
    await using client = home.start('p');
    await client.initialize();
    const answered = client.call('echo', { message: 'may I' }, 'asked');
    await eventually(
      'the question',
      async () => (await page.api.approvals.pending.query()).pending.length === 1,
    );
    const { pending, unheard } = await page.api.approvals.pending.query();
    expect(unheard).toEqual([]);
    const [{ approval, digest, proxy, preview } = {} as PendingApproval] = pending;
    expect(preview).toBe('{"message":"may I"}');
    const target = { proxy: proxy.name, instance: proxy.instance };
    const { result, ended } = await page.api.proxy.answer.mutate({
      ...target,
      approval,
      digest,
      answer: 'approve',
      // A page cannot say that it is something else.
      channel: 'cli',
    } as never);
    expect([result, ended.channel]).toEqual(['released', 'dashboard']);
    expect(textOf(await answered)).toBe('echo: may I');
    await eventually('both events', () => events.includes('approval_ended'));
    subscription.unsubscribe();
    page.close();
    await client.end();

    expect(approvals(home).map(({ event, channel }) => [event, channel])).toEqual([
      ['asked', undefined],
      ['approved', 'dashboard'],
    ]);
    const [decision] = decisions(home, 'p').filter(({ effect }) => effect === 'ask');
    expect(decision).toMatchObject({ disposition: 'forwarded', approval, channel: 'dashboard' });
    expect(decision?.waitMs).toBeGreaterThan(0);
  },
);

it(
  verifies(
    'ASK-NOBODY',
    'without a manager and a desktop the call is refused at once; a yes lets the next pass',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer(), policy: asking() });
    await using client = home.start('p');
    using live = new LiveClient(home);
    await client.initialize();
    const refused = await client.call('echo', { message: 'x' }, 1);
    expect(refused.result._meta['io.github.mcp-acp/refusal'].code).toBe('nobody_could_be_asked');
    const { approval, digest, state } = await question(live);
    expect(state).toBe('open');
    const answer = { proxy: 'p', approval, digest, answer: 'approve' } as const;
    expect((await live.api.proxy.answer.mutate(answer)).result).toBe('next_attempt');
    expect((await live.api.proxy.answer.mutate(answer)).result).toBe('too_late');
    expect(textOf(await client.call('echo', { message: 'x' }, 2))).toBe('echo: x');
    const again = await client.call('echo', { message: 'x' }, 3);
    expect(again.result._meta['io.github.mcp-acp/refusal'].code).toBe('nobody_could_be_asked');
    await client.end();
  },
);

it(
  verifies(
    'ASK-TWO-CLOCKS',
    'somebody at a terminal lets it wait; then it is told to try again, then it is over',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', {
      backend: plainServer(),
      policy: asking(),
      approvals: { holdMs: 1_000, openMs: 4_000 },
    });
    await using client = home.start('p');
    using live = new LiveClient(home);
    await client.initialize();
    await live.status('p');
    let isHeard = false;
    const watch = live.api.proxy.events.subscribe(
      { proxy: 'p', canAnswer: true },
      {
        onStarted: () => {
          isHeard = true;
        },
      },
    );
    await eventually('the subscription', () => isHeard);
    const held = client.call('echo', { message: 'x' }, 1);
    expect((await question(live)).state).toBe('held');
    expect((await held).result._meta['io.github.mcp-acp/refusal'].code).toBe('approval_pending');
    await eventually('the end of the question', () => approvals(home).at(-1)?.event === 'expired');
    watch.unsubscribe();
    await client.end();
    expect(approvals(home).map(({ event }) => event)).toEqual(['asked', 'open', 'expired']);
    expect(decisions(home, 'p').find(({ effect }) => effect === 'ask')?.disposition).toBe('unanswered');
  },
);

it(verifies('ASK-DECIDED-ANEW', 'a policy saved while a call waits releases it'), async () => {
  await using home = new TempHome();
  home.addProxy('p', { backend: plainServer(), policy: asking() });
  await using manager = await startManager(home);
  const page = await unlockPage(manager.client, manager.port);
  const watch = page.api.events.live.subscribe({}, {});
  await eventually('the page', async () => (await manager.client.api.manager.status.query()).dashboards > 0);
  await using client = home.start('p');
  await client.initialize();
  const answered = client.call('echo', { message: 'now' }, 1);
  using live = new LiveClient(home);
  const { approval } = await question(live);
  const { text, digest } = await page.api.policies.read.query({ proxy: 'p' });
  await page.api.policies.save.mutate({
    proxy: 'p',
    text: text.replace('effect: ask', 'effect: allow'),
    edited: digest,
    because: approval,
  });
  expect(textOf(await answered)).toBe('echo: now');
  watch.unsubscribe();
  page.close();
  await client.end();
  expect(approvals(home).map(({ event }) => event)).toEqual(['asked', 'policy_allowed']);
  expect(readFileSync(home.paths.policy('p'), 'utf8')).toContain('effect: allow');
});

it(
  verifies(
    'ASK-WITHDRAWN',
    'a client that closes its side gets what is approved meanwhile; what nobody answers is said not to have run',
  ),
  async () => {
    await using home = new TempHome();
    const ran = join(home.base, 'ran.jsonl');
    home.addProxy('p', { backend: plainServer('--ran', ran), policy: asking() });
    await using manager = await startManager(home);
    const { api } = manager.client;
    const watching = api.events.live.subscribe({ canAnswer: true }, { onData: () => undefined });
    await using client = home.start('p');
    await client.initialize();
    await client.sendLine(callLine('wanted'));
    await client.sendLine(callLine('unanswered'));
    const pendingNow = async () => (await api.approvals.pending.query()).pending;
    await eventually('both questions', async () => (await pendingNow()).length === 2);
    const wanted = (await pendingNow()).find(({ preview }) => preview.includes('"wanted"'));
    const over = client.end();
    const { approval = '', digest = '' } = wanted ?? {};
    const answer = { proxy: 'p', approval, digest, answer: 'approve' } as const;
    expect((await api.proxy.answer.mutate(answer)).result).toBe('released');
    expect(textOf(await client.answerTo('wanted'))).toBe('echo: wanted');
    await over;
    watching.unsubscribe();
    const [told] = client.answersTo('unanswered');
    expect(told?.result._meta['io.github.mcp-acp/refusal'].code).toBe('approval_expired');
    expect(readFileSync(ran, 'utf8')).not.toContain('"id":"unanswered"');
    expect(decisions(home, 'p').map(({ requestId, disposition }) => `${requestId} ${disposition}`)).toEqual(
      expect.arrayContaining(['"wanted" forwarded', '"unanswered" unanswered']),
    );
  },
);

const callLine = (id: string): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'echo', arguments: { message: id } },
  });
