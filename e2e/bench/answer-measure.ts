import { fileURLToPath } from 'node:url';
import { startAgent } from '../browser/resources/agent.ts';
import { approvalsIn } from '../browser/resources/approvals.ts';
import { visitDashboard } from '../browser/resources/visit.ts';
import { launchChromium } from '../resources/chromium.ts';
import { findBrowser, thisMachine } from '../resources/find-browser.ts';
import { startManager } from '../resources/manager.ts';
import { TempHome } from '../resources/temp-home.ts';
import { type Summary, summarize } from './statistics.ts';

const backend = fileURLToPath(new URL('arrival-backend.mjs', import.meta.url));
const policy = 'version: 1\nrules:\n  - { id: writes, effect: ask, when: { tool_name: "write_*" } }\n';

/** In the page: when it was clicked last, in milliseconds since the epoch. */
const noteClicks = `addEventListener('click', () => { globalThis.clickedAt = Date.now(); }, { capture: true })`;

/**
 * From the click on "Approve once" in a real browser until the backend has the call, in milliseconds: through the
 * manager, the proxy and its journal. Both ends read the machine's clock, which tells whole milliseconds.
 */
export async function measureAnswer(samples: number): Promise<Summary> {
  await using home = new TempHome();
  home.addProxy('notes', {
    backend: [process.execPath, backend],
    policy,
    approvals: { holdMs: 600_000, openMs: 600_000 },
  });
  await using manager = await startManager(home);
  const browser = await launchChromium([], findBrowser(thisMachine()));
  try {
    const { page } = await visitDashboard(browser, manager);
    await page.evaluate(noteClicks);
    await using agent = await startAgent(home, 'notes');
    const took: number[] = [];
    for (let sample = 0; sample < samples; sample++) {
      const call = agent.call('write_note', { sample });
      const { banner, drawer, review, card } = approvalsIn(page);
      if (!(await drawer.isVisible())) {
        await banner.waitFor();
        await review();
      }
      await card('write_note').getByRole('button', { name: 'Approve once' }).click();
      const { text } = await call.told;
      const clickedAt = await page.evaluate<number>('globalThis.clickedAt');
      took.push(Number(text) - clickedAt);
    }
    return summarize(took);
  } finally {
    await browser.close();
  }
}
