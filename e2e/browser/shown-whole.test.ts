import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { approvalsIn, onCard } from './resources/approvals.ts';
import { patientHold } from './resources/policies.ts';
import { flow, type Stage } from './resources/stage.ts';

const asksAboutAll = `version: 1
rules:
  - id: anything
    effect: ask
    when: { mcp_method: [tools/call, prompts/get] }
`;

/** A client that writes its lines itself, behind a proxy that asks about all it sends. */
async function open(stage: Stage) {
  const { home } = stage;
  const ranFile = join(home.base, 'ran.jsonl');
  home.addProxy('files', {
    backend: plainServer('--ran', ranFile),
    policy: asksAboutAll,
    approvals: patientHold,
  });
  await stage.startManager();
  const { page } = await stage.visit();
  const client = home.start('files');
  await client.initialize();
  let id = 0;
  const send = (method: string, params: object): Promise<unknown> =>
    client.sendLine(JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }));
  const ran = (mark: string): boolean => existsSync(ranFile) && readFileSync(ranFile, 'utf8').includes(mark);
  return { page, client, send, ran, approvals: approvalsIn(page) };
}

it(
  verifies(
    'DASH-APPROVED',
    'a call with thousands of lines is not approved before their end was on the screen',
  ),
  flow(async (stage) => {
    const { page, client, send, ran, approvals } = await open(stage);
    await using _ = client;
    const lines = Array.from({ length: 5_000 }, (_, line) =>
      line === 4_990 ? 'the-bad-line' : `line ${line}`,
    );
    await send('tools/call', { name: 'write_file', arguments: { lines } });
    await approvals.review();
    const card = approvals.card('write_file');
    const region = card.getByRole('region', { name: 'Arguments' });
    await region.waitFor();
    const approve = card.getByRole('button', { name: 'Approve once' });
    const deny = card.getByRole('button', { name: 'Deny', exact: true });
    await expect.poll(() => deny.getAttribute('aria-disabled')).not.toBe('true');
    // The first opens everything, the second puts the keyboard where it is read on; no more of them do more.
    for (let presses = 0; presses < 4; presses++) {
      await page.keyboard.press('a');
      await expect.poll(() => deny.getAttribute('aria-disabled')).not.toBe('true');
    }
    expect(await approve.getAttribute('aria-disabled')).toBe('true');
    expect(await card.innerText()).toContain('read it to its end');
    expect(await card.innerText()).not.toContain('the-bad-line');
    expect(ran('the-bad-line')).toBe(false);
    await page.keyboard.press('End');
    await expect.poll(() => card.innerText()).toContain('the-bad-line');
    await expect.poll(() => approve.getAttribute('aria-disabled')).not.toBe('true');
    await page.keyboard.press('a');
    await approvals.cards().first().waitFor({ state: 'hidden' });
    await expect.poll(() => ran('the-bad-line')).toBe(true);
  }),
);

it(
  verifies(
    'DASH-APPROVED',
    'every place a call names is called out, also one beyond what a list tells of it',
  ),
  flow(async (stage) => {
    const { client, send, approvals } = await open(stage);
    await using _ = client;
    const paths = ['/srv/a.txt', '/srv/b.txt', '/srv/c.txt', '/srv/d.txt', '/etc/shadow', '/srv/f.txt'];
    await send('tools/call', { name: 'delete_file', arguments: { paths } });
    await approvals.review();
    const where = approvals.card('delete_file').getByRole('list', { name: 'Where' });
    await expect.poll(() => where.getByRole('listitem').count()).toBe(paths.length);
    expect(await where.innerText()).toContain('/etc/shadow');
  }),
);

it(
  verifies('DASH-APPROVED', 'a prompt that is asked about is named, on the banner and on its card'),
  flow(async (stage) => {
    const { client, send, approvals, ran } = await open(stage);
    await using _ = client;
    await send('prompts/get', { name: 'summarise' });
    await expect.poll(() => approvals.banner.innerText()).toContain('prompt summarise');
    await send('prompts/get', { name: 'deploy' });
    await approvals.review();
    const card = (name: string) =>
      approvals.drawer.getByRole('article', { name: `Approval of a prompt: ${name}`, exact: true });
    expect(await card('summarise').innerText()).toContain('prompt summarise');
    await onCard(card('deploy')).deny();
    await card('deploy').waitFor({ state: 'hidden' });
    await onCard(card('summarise')).approveOnce();
    await expect.poll(() => ran('summarise')).toBe(true);
    expect(ran('deploy')).toBe(false);
  }),
);
