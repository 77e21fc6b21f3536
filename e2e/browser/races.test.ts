import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually } from '../resources/journal.ts';
import { approvalsIn, endsOf } from './resources/approvals.ts';
import { asksForWrites, patientHold } from './resources/policies.ts';
import { flow } from './resources/stage.ts';
import { noteWhatIsTold } from './resources/told.ts';

const rounds = 8;

/** A button of the card that waits, once it may be clicked; what it is clicked with needs no look at the page any more. */
async function readyButton(page: Page, name: 'Approve once' | 'Deny'): Promise<() => Promise<void>> {
  const approvals = approvalsIn(page);
  await approvals.review();
  const button = approvals.cards().first().getByRole('button', { name, exact: true });
  await expect.poll(() => button.getAttribute('aria-disabled')).not.toBe('true');
  const handle = await button.elementHandle();
  return async () => {
    await handle?.evaluate((element) => (element as unknown as { click(): void }).click());
  };
}

it(
  verifies(
    'DASH-ONE-ANSWER',
    'two browsers and a terminal answer at once, round after round: one wins, the others are told, the call runs once or not at all',
  ),
  flow(async (stage) => {
    const { home } = stage;
    const ranFile = join(home.base, 'ran.jsonl');
    const ran = (mark: string): number =>
      existsSync(ranFile) ? readFileSync(ranFile, 'utf8').split(mark).length - 1 : 0;
    home.addProxy('files', {
      backend: plainServer('--ran', ranFile),
      policy: asksForWrites,
      approvals: patientHold,
    });
    await stage.startManager();
    const pages = [(await stage.visit()).page, (await stage.visit()).page] as const;
    const agent = await stage.agent('files');
    const winners = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      const mark = `round-${round}-of-the-race`;
      const call = agent.call('write_file', { path: mark, message: mark });
      const clicks = [
        await readyButton(pages[0], 'Approve once'),
        await readyButton(pages[1], round % 2 === 0 ? 'Deny' : 'Approve once'),
      ];
      const approval =
        (await approvalsIn(pages[0]).cards().first().getAttribute('data-approval')) ?? 'none is shown';
      const terminal = stage.terminal(['approvals', round % 3 === 0 ? 'deny' : 'approve', approval]);
      await terminal.shows(/Type/);
      const moves = [...clicks, async () => terminal.type('yes\r')];
      const told = await Promise.all(pages.map(noteWhatIsTold));
      const turned = [...moves.slice(round % 3), ...moves.slice(0, round % 3)];
      await Promise.all(turned.map((move) => move()));

      const answer = await call.told;
      const ends = endsOf(home, 'files', approval);
      expect(ends, `round ${round}`).toHaveLength(1);
      const [end] = ends;
      winners.add(`${end?.channel}`);
      expect(end?.event).toBe(answer.isError ? 'denied' : 'approved');
      expect(ran(mark) > 0).toBe(!answer.isError);
      const backendCalls = existsSync(ranFile)
        ? readFileSync(ranFile, 'utf8')
            .split('\n')
            .filter((line) => line.includes(mark))
        : [];
      expect(backendCalls).toHaveLength(answer.isError ? 0 : 1);
      const code = await terminal.ended();
      if (end?.channel !== 'cli') {
        expect(code).not.toBe(0);
        expect(terminal.shown()).toMatch(/[Tt]oo late|already/);
      }
      // Who came too late in a browser reads it there: both, or the other one.
      const tellsSo = async (): Promise<number> =>
        (await Promise.all(told.map((read) => read()))).filter((text) => /Answered already/.test(text))
          .length;
      await expect.poll(tellsSo).toBeGreaterThanOrEqual(end?.channel === 'cli' ? 2 : 1);
      for (const page of pages) {
        await eventually('the card to go', async () => (await approvalsIn(page).cards().count()) === 0);
      }
    }
    expect(endsOf(home, 'files')).toHaveLength(rounds);
  }),
);
