import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually } from '../resources/journal.ts';
import { approvalsIn, endsOf } from './resources/approvals.ts';
import { asksWithGrant, patientHold } from './resources/policies.ts';
import { flow, type Stage } from './resources/stage.ts';

async function open(stage: Stage) {
  const { home } = stage;
  const ran = join(home.base, 'ran.jsonl');
  home.addProxy('files', {
    backend: plainServer('--ran', ran),
    policy: asksWithGrant('tool'),
    approvals: patientHold,
  });
  await stage.startManager();
  const { page } = await stage.visit();
  const agent = await stage.agent('files');
  const wasRun = (mark: string): boolean => existsSync(ran) && readFileSync(ran, 'utf8').includes(mark);
  return { home, page, agent, wasRun, approvals: approvalsIn(page) };
}

/** The card the keys mean. */
const chosen = (page: Page): Promise<string> =>
  page.evaluate(`document.querySelector('article[data-approval][aria-current="true"]')?.innerText ?? ''`);

/** Waits until no button of the card guards any more. */
async function isReady(page: Page, mark: string): Promise<void> {
  const card = approvalsIn(page).cards().filter({ hasText: mark });
  await expect
    .poll(() => card.getByRole('button', { name: 'Approve once' }).getAttribute('aria-disabled'))
    .not.toBe('true');
}

it(
  verifies(
    'DASH-KEYBOARD',
    'from the first Tab to the last answer no pointer is needed: review, j, k, a, d, g',
  ),
  flow(async (stage) => {
    const { page, agent, approvals, wasRun } = await open(stage);
    const marks = ['first-mark', 'second-mark', 'third-mark'] as const;
    const calls = [];
    for (const mark of marks) {
      calls.push(agent.call('write_file', { path: mark }));
      await eventually('the question', async () => (await page.title()).startsWith(`(${calls.length})`));
    }
    const [first, second, third] = calls;
    const focused = (): Promise<string> =>
      page.evaluate(
        `(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()`,
      );
    for (let presses = 0; presses < 40 && !/^Review/.test(await focused()); presses++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await approvals.drawer.waitFor();
    const goTo = async (mark: string, key: 'j' | 'k'): Promise<void> => {
      for (let presses = 0; presses < 10 && !(await chosen(page)).includes(mark); presses++) {
        await page.keyboard.press(key);
      }
      expect(await chosen(page)).toContain(mark);
      await isReady(page, mark);
    };
    await goTo('second-mark', 'j');
    await page.keyboard.press('d');
    expect((await second?.told)?.isError).toBe(true);
    await goTo('third-mark', 'j');
    await goTo('first-mark', 'k');
    await page.keyboard.press('a');
    expect(await first?.told).toMatchObject({ isError: false });
    await goTo('third-mark', 'j');
    await page.keyboard.press('g');
    const dialog = page.getByRole('dialog', { name: 'Grant', exact: true });
    await dialog.waitFor();
    const inDialog = async (name: RegExp): Promise<void> => {
      for (let presses = 0; presses < 20 && !name.test(await focused()); presses++)
        await page.keyboard.press('Tab');
    };
    await inDialog(/^Approve and grant/);
    await expect
      .poll(() => dialog.getByRole('button', { name: 'Approve and grant' }).getAttribute('aria-disabled'))
      .not.toBe('true');
    await page.keyboard.press('Enter');
    expect(await third?.told).toMatchObject({ isError: false });
    expect(marks.map(wasRun)).toEqual([true, false, true]);
  }),
);

/** In the page: the moment a card appears, and the moment the window comes to the front, everything on it is clicked and every key pressed. */
const hasty = `
  globalThis.hasty = { cards: 0 };
  const press = (card) => {
    for (const button of card.querySelectorAll('button')) {
      if (/^(?:Approve once|Deny)/.test(button.textContent.trim())) button.click();
    }
    // A key means the current card, which may be another.
    if (card.getAttribute('aria-current') !== 'true') return;
    for (const key of ['a', 'd']) {
      (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }
  };
  globalThis.hasty.press = () => document.querySelectorAll('article[data-approval]').forEach(press);
  new MutationObserver(() => {
    for (const card of document.querySelectorAll('article[data-approval]:not([data-was-hasty])')) {
      card.setAttribute('data-was-hasty', '');
      globalThis.hasty.cards++;
      press(card);
    }
  }).observe(document, { subtree: true, childList: true });
`;

it(
  verifies(
    'DASH-GUARD',
    'clicks and keys that hit a card as it appears, or as the window comes to the front, answer nothing; the same ones later do',
  ),
  flow(async (stage) => {
    const { home, page, agent, approvals, wasRun } = await open(stage);
    await page.evaluate(hasty);
    const call = agent.call('write_file', { path: 'first-mark' });
    await approvals.review();
    await isReady(page, 'first-mark');
    expect(await page.evaluate('globalThis.hasty.cards')).toBeGreaterThan(0);
    // The next one pops up beside it, in the open drawer.
    const next = agent.call('write_file', { path: 'second-mark' });
    await isReady(page, 'second-mark');
    await page.evaluate(
      `window.dispatchEvent(new Event('blur')); window.dispatchEvent(new Event('focus')); globalThis.hasty.press()`,
    );
    await isReady(page, 'first-mark');
    expect(endsOf(home, 'files')).toEqual([]);
    expect([call.isOver(), next.isOver(), wasRun('mark')]).toEqual([false, false, false]);
    // Nothing but the guard kept them from it.
    await page.evaluate('globalThis.hasty.press()');
    await Promise.all([call.told, next.told]);
    expect(endsOf(home, 'files')).toHaveLength(2);
  }),
);
