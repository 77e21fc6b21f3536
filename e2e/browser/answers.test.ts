import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { filesystemServer } from '../resources/fixtures.ts';
import { decisions, eventually } from '../resources/journal.ts';
import { approvalRecords, approvalsIn, endsOf, onCard } from './resources/approvals.ts';
import { asksForWrites, patientHold } from './resources/policies.ts';
import { flow, type Stage } from './resources/stage.ts';

/** The real file server behind a proxy that asks about writes, and a person who looks at the dashboard. */
async function filesAndPerson(stage: Stage, approvals: { holdMs: number; openMs: number }) {
  const { home } = stage;
  home.addProxy('files', { backend: filesystemServer(home.project), policy: asksForWrites, approvals });
  await stage.startManager();
  const { page } = await stage.visit();
  const agent = await stage.agent('files');
  const target = join(home.project, 'notes.md');
  return { page, agent, target, approvals: approvalsIn(page) };
}

it(
  verifies(
    'DASH-APPROVED',
    'what a person approves in the dashboard runs once; before that the count of what waits is in the title',
  ),
  flow(async (stage) => {
    const { page, agent, target, approvals } = await filesAndPerson(stage, patientHold);
    const call = agent.call('write_file', { path: target, content: 'Ship on Monday.\n' });
    await approvals.banner.waitFor();
    await expect.poll(() => page.title()).toBe('(1) mcp-acp');
    await approvals.review();
    const card = approvals.card('write_file');
    await expect.poll(() => card.innerText()).toContain('Ship on Monday.');
    const shown = await card.innerText();
    for (const part of ['files', 'v1-agent', 'notes.md', 'writes', 'Every change is looked at']) {
      expect(shown).toContain(part);
    }
    expect(existsSync(target)).toBe(false);
    await onCard(card).approveOnce();
    expect(await call.told).toMatchObject({ isError: false });
    expect(readFileSync(target, 'utf8')).toBe('Ship on Monday.\n');
    await expect.poll(() => approvals.cards().count()).toBe(0);
    await expect.poll(() => page.title()).toBe('mcp-acp');
    expect(endsOf(stage.home, 'files')).toMatchObject([{ event: 'approved', channel: 'dashboard' }]);
    const [decided] = decisions(stage.home, 'files').filter(({ tool }) => tool === 'write_file');
    expect(decided).toMatchObject({ effect: 'ask', disposition: 'forwarded', channel: 'dashboard' });
    expect(decided?.approval).toBe(endsOf(stage.home, 'files')[0]?.approval);
  }),
);

it(
  verifies('DASH-DENIED', 'what a person denies does not run, and the agent reads the reason that was given'),
  flow(async (stage) => {
    const { page, agent, target, approvals } = await filesAndPerson(stage, patientHold);
    const call = agent.call('write_file', { path: target, content: 'no' });
    await approvals.review();
    await onCard(approvals.card('write_file')).more('Deny with a reason…');
    const dialog = page.getByRole('dialog', { name: /Deny/ });
    await dialog.getByRole('textbox').fill('Write to drafts/ instead <b>please</b>');
    await dialog.getByRole('button', { name: /^Deny/ }).click();
    const told = await call.told;
    expect(told.isError).toBe(true);
    expect(told.text).toContain('Write to drafts/ instead <b>please</b>');
    expect(existsSync(target)).toBe(false);
    const plain = agent.call('write_file', { path: target, content: 'no again' });
    await approvals.review();
    await onCard(approvals.card('write_file')).deny();
    expect((await plain.told).isError).toBe(true);
    expect(existsSync(target)).toBe(false);
    expect(endsOf(stage.home, 'files').map(({ event, detail }) => ({ event, detail }))).toEqual([
      { event: 'denied', detail: 'Write to drafts/ instead <b>please</b>' },
      { event: 'denied', detail: undefined },
    ]);
  }),
);

it(
  verifies(
    'DASH-LATE-YES',
    'a call whose wait is over is told to try again; a late yes lets the next attempt through, once',
  ),
  flow(async (stage) => {
    const { agent, target, approvals } = await filesAndPerson(stage, { holdMs: 1_000, openMs: 3_600_000 });
    const write = { path: target, content: 'late' };
    const first = await agent.ask('write_file', write);
    expect(first.isError).toBe(true);
    expect(first.text).toMatch(/try .*again/i);
    expect(existsSync(target)).toBe(false);
    await approvals.review();
    await onCard(approvals.card('write_file')).approveOnce();
    await approvals.card('write_file').waitFor({ state: 'hidden' });
    // The yes alone runs nothing: the call it was for is over.
    expect(existsSync(target)).toBe(false);
    expect(await agent.ask('write_file', write)).toMatchObject({ isError: false });
    expect(readFileSync(target, 'utf8')).toBe('late');
    const again = await agent.ask('write_file', write);
    expect(again.isError).toBe(true);
    await approvals.card('write_file').waitFor();
    const asked = approvalRecords(stage.home, 'files').filter(({ event }) => event === 'asked');
    expect(new Set(asked.map(({ approval }) => approval)).size).toBe(2);
    const ran = decisions(stage.home, 'files').filter(
      ({ disposition, tool }) => tool && disposition === 'forwarded',
    );
    expect(ran).toHaveLength(1);
  }),
);

it(
  verifies(
    'DASH-NOBODY-ANSWERED',
    'a question that nobody answers ends as that, which is not a no, and leaves every page',
  ),
  flow(async (stage) => {
    const { page, agent, target, approvals } = await filesAndPerson(stage, { holdMs: 1_000, openMs: 3_000 });
    const told = await agent.ask('write_file', { path: target, content: 'x' });
    expect(told.isError).toBe(true);
    await eventually('the end of the question', () => endsOf(stage.home, 'files').length > 0);
    expect(endsOf(stage.home, 'files')).toMatchObject([{ event: 'expired' }]);
    await approvals.banner.waitFor({ state: 'hidden' });
    expect(existsSync(target)).toBe(false);
    await page
      .getByRole('link', { name: /^Approvals/ })
      .first()
      .click();
    const asked = page.getByRole('table', { name: 'History' }).getByRole('row', { name: /write_file/ });
    await expect.poll(() => asked.innerText()).toContain('nobody answered');
  }),
);
