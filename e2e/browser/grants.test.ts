import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { filesystemServer } from '../resources/fixtures.ts';
import { eventually } from '../resources/journal.ts';
import type { Agent, Told } from './resources/agent.ts';
import { type ApprovalsInPage, approvalRecords, approvalsIn, onCard } from './resources/approvals.ts';
import { asksForWrites, asksWithGrant, patientHold } from './resources/policies.ts';
import { flow, type Stage } from './resources/stage.ts';

interface Reach {
  readonly what: RegExp;
  readonly howLong?: string;
  readonly uses?: number;
}

async function open(stage: Stage, policy: string) {
  const { home } = stage;
  home.addProxy('files', { backend: filesystemServer(home.project), policy, approvals: patientHold });
  await stage.startManager();
  const visit = await stage.visit();
  const agent = await stage.agent('files');
  const write = (name: string, content = name) => ({ path: join(home.project, name), content });
  return { home, visit, page: visit.page, agent, write, approvals: approvalsIn(visit.page) };
}

async function grantOn(page: Page, approvals: ApprovalsInPage, reach: Reach): Promise<void> {
  await approvals.review();
  await onCard(approvals.card('write_file')).grant();
  const dialog = page.getByRole('dialog', { name: 'Grant', exact: true });
  await dialog.getByRole('radiogroup', { name: 'What' }).getByRole('radio', { name: reach.what }).click();
  if (reach.howLong !== undefined) {
    await dialog
      .getByRole('radiogroup', { name: 'How long' })
      .getByRole('radio', { name: reach.howLong })
      .click();
  }
  if (reach.uses !== undefined) await dialog.getByLabel('Uses').fill(String(reach.uses));
  await dialog.getByRole('button', { name: 'Approve and grant' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** The call goes through without a question. */
async function passes(agent: Agent, args: Record<string, unknown>): Promise<void> {
  const told: Told = await agent.ask('write_file', args);
  expect(told, told.text).toMatchObject({ isError: false });
}

/** The call asks; the question is denied, so that the next one is told apart from it. */
async function asks(stage: Stage, agent: Agent, args: Record<string, unknown>, page: Page): Promise<void> {
  const approvals = approvalsIn(page);
  const before = approvalRecords(stage.home, 'files').filter(({ event }) => event === 'asked').length;
  const call = agent.call('write_file', args);
  await eventually(
    'the question',
    () => approvalRecords(stage.home, 'files').filter(({ event }) => event === 'asked').length > before,
  );
  await approvals.review();
  await onCard(approvals.card('write_file')).deny();
  expect((await call.told).isError).toBe(true);
}

it(
  verifies(
    'DASH-GRANTS',
    'of exact arguments: the same call passes as often as was said, another is asked about',
  ),
  flow(async (stage) => {
    const { page, agent, write, approvals, home } = await open(stage, asksWithGrant('exact'));
    const call = agent.call('write_file', write('a.md'));
    await grantOn(page, approvals, { what: /exact arguments/i, howLong: '5 minutes', uses: 3 });
    expect(await call.told).toMatchObject({ isError: false });
    await passes(agent, write('a.md'));
    await asks(stage, agent, write('a.md', 'other words'), page);
    const [made] = approvalRecords(home, 'files').filter(({ event }) => event === 'grant_made');
    expect(made).toMatchObject({ scope: 'exact', mostUses: 3 });
    await passes(agent, write('a.md'));
    await asks(stage, agent, write('a.md'), page);
  }),
);

it(
  verifies(
    'DASH-GRANTS',
    'of a folder: what it let through is shown, it is never wider than the rule lets it, and taken back it lets nothing through',
  ),
  flow(async (stage) => {
    const { page, visit, agent, write, approvals } = await open(stage, asksWithGrant('path'));
    const call = agent.call('write_file', write('a.md'));
    await approvals.review();
    await onCard(approvals.card('write_file')).grant();
    const offered = await page.getByRole('dialog', { name: 'Grant', exact: true }).innerText();
    expect(offered).not.toMatch(/This tool/i);
    await page.keyboard.press('Escape');
    await grantOn(page, approvals, { what: /This folder/i });
    expect(await call.told).toMatchObject({ isError: false });
    await passes(agent, write('b.md'));
    await passes(agent, write('c.md'));
    await visit.go('/approvals');
    const grants = page.getByRole('list', { name: 'Grants' });
    await expect.poll(() => grants.getByRole('listitem').first().innerText()).toMatch(/\b3\b/);
    await grants
      .getByRole('button', { name: /Revoke/ })
      .first()
      .click();
    const confirm = page.getByRole('alertdialog').getByRole('button', { name: /Revoke/ });
    const gone = page.getByRole('list', { name: 'Grants' }).getByRole('listitem');
    await eventually('the end of the grant', async () => {
      if (await confirm.isVisible()) await confirm.click();
      return (await gone.count()) === 0;
    });
    await asks(stage, agent, write('d.md'), page);
  }),
);

it(
  verifies(
    'DASH-GRANTS',
    'of a tool: it is over when the policy changes so that the rule says something else',
  ),
  flow(async (stage) => {
    const { page, agent, write, approvals, home } = await open(stage, asksWithGrant('tool'));
    const call = agent.call('write_file', write('a.md'));
    await grantOn(page, approvals, { what: /This tool/i, howLong: '5 minutes' });
    expect(await call.told).toMatchObject({ isError: false });
    await passes(agent, write('b.md'));
    home.write(home.paths.policy('files'), asksForWrites);
    await eventually('the end of the grant', () =>
      approvalRecords(home, 'files').some(({ event }) => event === 'grant_ended'),
    );
    await asks(stage, agent, write('c.md'), page);
    expect(readFileSync(join(home.project, 'b.md'), 'utf8')).toBe('b.md');
  }),
);

it(
  verifies(
    'DASH-GRANTS',
    'a rule that grants nothing lets a yes reach no further than its call; a muted tool is refused without a question',
  ),
  flow(async (stage) => {
    const { page, agent, write, approvals } = await open(stage, asksForWrites);
    const call = agent.call('write_file', write('a.md'));
    await approvals.review();
    const card = approvals.card('write_file');
    await onCard(card).more('Mute this tool…');
    const dialog = page.getByRole('dialog', { name: /Mute/ });
    await dialog.getByRole('button', { name: /^Mute/ }).click();
    expect((await call.told).isError).toBe(true);
    const muted = await agent.ask('write_file', write('b.md'));
    expect(muted.isError).toBe(true);
    await expect.poll(() => approvals.cards().count()).toBe(0);
    expect(approvalRecords(stage.home, 'files').filter(({ event }) => event === 'asked')).toHaveLength(1);
  }),
);
