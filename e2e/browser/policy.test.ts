import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { filesystemServer, plainServer } from '../resources/fixtures.ts';
import { eventually } from '../resources/journal.ts';
import { approvalsIn, endsOf, onCard } from './resources/approvals.ts';
import { asksForWrites, patientHold } from './resources/policies.ts';
import { flow, type Stage } from './resources/stage.ts';
import type { Visit } from './resources/visit.ts';

const commented = `# The rules of this project.
version: 1
rules:
  - id: reads          # looking is fine
    effect: allow
    when: { operations: [read, list] }

  # Nobody deletes.
  - id: no-deletes
    effect: deny
    when: { operations: [delete] }
`;

const policyPart = async ({ go, page }: Visit, part: string, name: string): Promise<void> => {
  await go(`/proxy/files?tab=policy&part=${part}`);
  await page.getByRole('tab', { name, exact: true, selected: true }).waitFor();
};

const editor = (page: Page) => page.getByRole('textbox', { name: 'Policy as YAML' });

/** Types at the end of the policy's text, as a person does. */
async function appendToText(page: Page, lines: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.insertText(lines);
}

const changes = (page: Page) => page.getByRole('dialog', { name: 'Changes' });

const pressSave = (page: Page): Promise<void> =>
  changes(page).getByRole('button', { name: 'Save policy' }).click();

/** Saves, and waits until the page knows it: before that it warns who leaves it. */
async function saveChanges(page: Page): Promise<void> {
  await pressSave(page);
  await changes(page).waitFor({ state: 'hidden' });
}

/** A proxy with this policy in front of a server that writes down what it runs, and an agent. */
async function filesWith(stage: Stage, policy: string) {
  const { home } = stage;
  const ran = join(home.base, 'ran.jsonl');
  home.addProxy('files', { backend: plainServer('--ran', ran), policy, approvals: patientHold });
  await stage.startManager();
  const calls = (): number =>
    existsSync(ran) ? readFileSync(ran, 'utf8').split('"tools/call"').length - 1 : 0;
  return { home, calls, policy: () => readFileSync(home.paths.policy('files'), 'utf8') };
}

it(
  verifies(
    'DASH-POLICY-EDIT',
    'a rule added in the form and one typed as text keep all comments, are shown as a difference, and are in force once saved',
  ),
  flow(async (stage) => {
    const { policy } = await filesWith(stage, commented);
    const agent = await stage.agent('files');
    expect((await agent.ask('write_file', { path: 'a' })).isError).toBe(true);
    const visit = await stage.visit();
    const { page } = visit;

    await policyPart(visit, 'rules', 'Rules');
    await page.getByRole('list', { name: 'Rules' }).getByText('no-deletes').first().waitFor();
    await page.getByRole('button', { name: 'Add rule' }).click();
    const form = page.getByRole('dialog', { name: 'Add rule' });
    await form.getByLabel('Id', { exact: true }).fill('writes');
    await form.getByRole('radio', { name: /^Allow/i }).click();
    await form.getByRole('combobox', { name: 'Add a condition' }).click();
    await page.getByRole('option', { name: /operation/i }).click();
    await form.getByRole('checkbox', { name: /^write/i }).click();
    await form.getByRole('button', { name: 'Add to draft' }).click();
    expect(policy()).toBe(commented);
    await page.getByRole('button', { name: 'Review changes' }).click();
    await changes(page).getByText('writes').first().waitFor();
    await saveChanges(page);
    await eventually('the saved policy', () => policy() !== commented);
    for (const comment of ['# The rules of this project.', '# looking is fine', '# Nobody deletes.']) {
      expect(policy()).toContain(comment);
    }
    expect(policy()).toContain('id: writes');
    await expect.poll(async () => (await agent.ask('write_file', { path: 'a' })).isError).toBe(false);

    await policyPart(visit, 'yaml', 'YAML');
    await editor(page).getByText('# Nobody deletes.').waitFor();
    await appendToText(
      page,
      '\n  # Typed by hand.\n  - { id: no-echo, effect: deny, when: { tool_name: echo } }\n',
    );
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await saveChanges(page);
    await expect.poll(policy).toContain('# Typed by hand.');
    expect(policy()).toContain('# looking is fine');
    await expect.poll(async () => (await agent.ask('echo', { message: 'x' })).isError).toBe(true);
  }),
);

it(
  verifies('DASH-POLICY-EDIT', 'what is wrong with a text is said where it is, and it cannot be saved'),
  flow(async (stage) => {
    const { policy } = await filesWith(stage, commented);
    const visit = await stage.visit();
    const { page } = visit;
    await policyPart(visit, 'yaml', 'YAML');
    await editor(page).getByText('# Nobody deletes.').waitFor();
    await appendToText(page, '\n  - { id: wrong, efect: deny }\n');
    await page.getByRole('list', { name: 'Problems' }).getByText(/efect/).first().waitFor();
    expect(await page.getByRole('list', { name: 'Problems' }).innerText()).toMatch(/effect/);
    expect(policy()).toBe(commented);
  }),
);

it(
  verifies(
    'DASH-STALE-SAVE',
    'who saves what somebody else has changed meanwhile is refused and told, and can go on from there',
  ),
  flow(async (stage) => {
    const { policy, home } = await filesWith(stage, commented);
    const visit = await stage.visit();
    const { page } = visit;
    await policyPart(visit, 'yaml', 'YAML');
    await editor(page).getByText('# Nobody deletes.').waitFor();
    await appendToText(page, '\n  - { id: mine, effect: deny, when: { tool_name: mine } }\n');
    const theirs = `${commented}  - { id: theirs, effect: deny, when: { tool_name: theirs } }\n`;
    home.write(home.paths.policy('files'), theirs);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await pressSave(page);
    await page.getByRole('alert').filter({ hasText: 'was changed by someone else' }).first().waitFor();
    expect(policy()).toBe(theirs);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Reload and re-apply' }).click();
    await page.getByRole('button', { name: 'Review changes' }).click();
    await saveChanges(page);
    await expect.poll(policy).toContain('id: mine');
    expect(policy()).toContain('id: theirs');
  }),
);

it(
  verifies('DASH-PLAYGROUND', 'a call is judged without being run: what is decided, by which rule, and why'),
  flow(async (stage) => {
    const { calls } = await filesWith(stage, asksForWrites);
    const agent = await stage.agent('files');
    await agent.tools();
    const visit = await stage.visit();
    const { page } = visit;
    await policyPart(visit, 'playground', 'Playground');
    const decision = page.getByRole('region', { name: 'Decision' });
    const decide = async (tool: string, args: string): Promise<void> => {
      await page.getByLabel('Tool', { exact: true }).fill(tool);
      await page.getByLabel('Arguments (JSON)').fill(args);
      await page.getByRole('button', { name: 'Decide' }).click();
    };
    await decide('read_file', '{"path": "/srv/a"}');
    await expect.poll(() => decision.innerText()).toMatch(/allow[\s\S]*reads/i);
    await decide('write_file', '{"path": "/srv/a"}');
    await expect.poll(() => decision.innerText()).toMatch(/ask[\s\S]*writes/i);
    await decide('run_script', '{}');
    await expect.poll(() => decision.innerText()).toMatch(/deny/i);
    expect(calls()).toBe(0);
  }),
);

it(
  verifies(
    'DASH-REPLAY',
    'a candidate is run over the calls on record: those it would decide otherwise are shown, one that is not kept is unknown',
  ),
  flow(async (stage) => {
    const { home, policy } = await filesWith(stage, commented);
    {
      const earlier = await stage.agent('files');
      await earlier.ask('read_file', { path: '/srv/forgotten' });
      await earlier[Symbol.asyncDispose]();
      const payloads = join(home.paths.auditDir('files'), 'payloads');
      for (const file of existsSync(payloads) ? readdirSync(payloads) : []) rmSync(join(payloads, file));
    }
    const agent = await stage.agent('files');
    for (const path of ['/srv/one', '/srv/two']) await agent.ask('read_file', { path });
    await agent.ask('delete_file', { path: '/srv/three' });
    const visit = await stage.visit();
    const { page } = visit;
    await policyPart(visit, 'yaml', 'YAML');
    await editor(page).getByText('# Nobody deletes.').waitFor();
    await appendToText(page, '\n  - { id: not-two, effect: ask, when: { path_pattern: "/srv/two" } }\n');
    await page.getByRole('tab', { name: 'Replay', exact: true }).click();
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    const result = page.getByRole('region', { name: 'Replay result' });
    await result.waitFor();
    const shown = await result.innerText();
    expect(shown).toMatch(/4\s+(?:recorded )?calls/);
    expect(shown).toMatch(/unknown/i);
    expect(shown).toMatch(/not-two/);
    expect(policy()).toBe(commented);
  }),
);

it(
  verifies('DASH-MAKE-RULE', 'a rule proposed on a card is saved, and the call that waits is decided by it'),
  flow(async (stage) => {
    const { home } = stage;
    home.addProxy('files', {
      backend: filesystemServer(home.project),
      policy: asksForWrites,
      approvals: patientHold,
    });
    await stage.startManager();
    const { page } = await stage.visit();
    const agent = await stage.agent('files');
    const target = join(home.project, 'notes.md');
    const call = agent.call('write_file', { path: target, content: 'by rule' });
    const approvals = approvalsIn(page);
    await approvals.review();
    await onCard(approvals.card('write_file')).more('Make it a rule…');
    const dialog = page.getByRole('dialog', { name: 'Make it a rule' });
    const proposals = dialog.getByRole('radiogroup', { name: 'Rules' }).getByRole('radio');
    await proposals.first().waitFor();
    expect(await proposals.count()).toBeGreaterThanOrEqual(2);
    await dialog.getByLabel('Id', { exact: true }).fill('made-here');
    await dialog.getByRole('button', { name: 'Save rule' }).click();
    expect(await call.told).toMatchObject({ isError: false });
    expect(readFileSync(target, 'utf8')).toBe('by rule');
    const saved = readFileSync(home.paths.policy('files'), 'utf8');
    expect(saved).toContain('id: made-here');
    expect(saved).toContain('# Looking is fine.');
    expect(endsOf(home, 'files')).toMatchObject([{ event: 'policy_allowed' }]);
    // The same again is not asked any more.
    expect(await agent.ask('write_file', { path: target, content: 'by rule' })).toMatchObject({
      isError: false,
    });
  }),
);

it(
  verifies(
    'DASH-POLICY-HELD',
    'a policy that was loosened by hand is said to be held wherever its proxy is shown, and is confirmed where its difference is read',
  ),
  flow(async (stage) => {
    const { home, policy } = await filesWith(stage, commented);
    const agent = await stage.agent('files');
    const { page, go } = await stage.visit();
    const files = page.getByRole('article', { name: 'files', exact: true });
    await files.getByText('Connected').waitFor();
    const looser = `${commented}  - { id: writes, effect: allow, when: { operations: [write] } }\n`;
    home.write(home.paths.policy('files'), looser);
    await files.getByText('A policy edited by hand waits to be confirmed').waitFor();
    expect((await agent.ask('write_file', { path: 'a' })).isError).toBe(true);

    await go('/proxy/files?tab=activity');
    await page.getByRole('button', { name: 'Review and confirm…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Confirm the policy' });
    await dialog.getByText('This loosens the policy.').waitFor();
    await dialog.getByText('id: writes').first().waitFor();
    await dialog.getByRole('button', { name: 'Confirm policy' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Review and confirm…' }).waitFor({ state: 'hidden' });
    await expect.poll(async () => (await agent.ask('write_file', { path: 'a' })).isError).toBe(false);
    expect(policy()).toBe(looser);
  }),
);
