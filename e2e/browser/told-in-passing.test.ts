import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { approvalsIn, onCard } from './resources/approvals.ts';
import { asksForWrites, patientHold } from './resources/policies.ts';
import { flow } from './resources/stage.ts';
import { noteWhatIsTold } from './resources/told.ts';

/** In the page: answers that something told in passing lies over. */
const covered = `{
  const boxes = (selector) => [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());
  const toasts = boxes('[data-toast]');
  boxes('article[data-approval] button').filter((a) =>
    toasts.some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom),
  ).length
}`;

it(
  verifies(
    'DASH-MAKE-RULE',
    'who saves a rule that lets calls go on is told so once, not that they were too late; nothing that is told lies over an answer',
  ),
  flow(async (stage) => {
    const { home } = stage;
    for (const name of ['files', 'other'])
      home.addProxy(name, { backend: plainServer(), policy: asksForWrites, approvals: patientHold });
    await stage.startManager();
    const { page } = await stage.visit();
    const approvals = approvalsIn(page);
    const [files, other] = [await stage.agent('files'), await stage.agent('other')];
    const calls = ['one', 'two'].map((message) => files.call('write_file', { path: '/srv/a.md', message }));
    const stays = other.call('delete_file', { path: '/srv/c.md' });
    await approvals.review();
    await expect.poll(() => approvals.cards().count()).toBe(3);
    const told = await noteWhatIsTold(page);
    await onCard(approvals.card('write_file').first()).more('Make it a rule…');
    const dialog = page.getByRole('dialog', { name: 'Make it a rule' });
    await dialog.getByRole('radiogroup', { name: 'Rules' }).getByRole('radio').first().waitFor();
    await dialog.getByRole('button', { name: 'Save rule' }).click();
    for (const call of calls) expect(await call.told).toMatchObject({ isError: false });
    const words = 'write_file: the policy allows it now; the call went on.';
    const timesTold = async (): Promise<readonly number[]> =>
      (await told()).split('\n').map((all) => all.split(words).length - 1);
    await expect.poll(async () => Math.max(...(await timesTold()))).toBe(1);
    for (const width of [1280, 900, 390]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await page.evaluate(covered), `at ${width}`).toBe(0);
    }
    expect(await told()).not.toContain('Too late');
    stays.cancel();
    await stays.told;
  }),
);
