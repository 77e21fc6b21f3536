import type { Page } from 'playwright-core';

/** Keeps all that a page says in passing from now on, also what is gone again. Returns what has been said so far. */
export async function noteWhatIsTold(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(`{
    globalThis.told = [];
    new MutationObserver(() => {
      const said = document.querySelector('section[aria-label="Notifications"]')?.textContent ?? '';
      if (said !== globalThis.told.at(-1)) globalThis.told.push(said);
    }).observe(document, { subtree: true, childList: true, characterData: true });
  }`);
  return async () => String(await page.evaluate(`globalThis.told.join('\\n')`));
}
