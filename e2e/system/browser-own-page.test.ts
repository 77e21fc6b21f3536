import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { launchChromium } from '../resources/chromium.ts';
import { openDashboard, patience, says, systemLog, unlockAgain } from '../resources/dashboard.ts';
import { plainServer } from '../resources/fixtures.ts';
import { startManager } from '../resources/manager.ts';
import { TempHome } from '../resources/temp-home.ts';

/** Text that would run as a script, or hide, where it is taken for markup. */
const hostileText = (index: number): string => {
  const forms = [
    `<img src=x onerror="globalThis.wasRun=${index}">`,
    `<script>globalThis.wasRun=${index}</script>`,
    `"><svg onload=globalThis.wasRun=${index}>`,
    `javascript:globalThis.wasRun=${index}`,
    `\${globalThis.wasRun=${index}}`,
    `{{constructor.constructor('globalThis.wasRun=${index}')()}}`,
    `</li></ol><iframe srcdoc="<script>parent.wasRun=${index}</script>">`,
    `\u202egnp.${index}<a href="data:text/html,x">`,
    `safe${' '.repeat(40)}<b>${index}</b>\u200b`,
    `&lt;img src=x onerror=globalThis.wasRun=${index}&gt;`,
  ];
  return `${index} ${forms[index % forms.length]}`;
};

const eventsOf = (page: Page) => expect.poll(() => page.locator('#events').textContent(), patience);
const liveOf = (page: Page) => expect.poll(() => page.locator('#events').getAttribute('data-live'), patience);

it(
  verifies(
    ['WEB-OWN-PAGE', 'WEB-TEXT-IS-TEXT', 'WEB-NO-SECRETS', 'EVENTS-SEEN'],
    'T-WEB-8, T-WEB-10 the page unlocks with a code, shows proxies and 1,000 hostile texts as text, and complains of nothing',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('files', { backend: plainServer() });
    await using manager = await startManager(home);
    const browser = await launchChromium();
    await using _browser: AsyncDisposable = { [Symbol.asyncDispose]: () => browser.close() };
    const { page, complaints } = await openDashboard(home, await browser.newContext());
    await liveOf(page).toBe('yes');

    // What the code came in is neither in the address nor behind it.
    expect(page.url()).toBe(`http://127.0.0.1:${manager.port}/`);
    const kept = String(await page.evaluate('JSON.stringify(Object.entries(localStorage))'));
    const [[, token]] = JSON.parse(kept) as [[string, string]];
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(await page.evaluate('document.cookie')).toBe('');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/', domain: '127.0.0.1' });

    await using client = home.start('files');
    const clientInfo = { name: hostileText(1_001), version: '1' };
    await client.request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
    await client.notify('notifications/initialized');
    await expect.poll(() => page.locator('#proxies').textContent(), patience).toContain('1001 <script>');

    for (let index = 0; index < 1_000; index += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, offset) => client.call(hostileText(index + offset))));
      await eventsOf(page).toContain(`"${index + 99} &lt;img src=x`);
    }
    await expect.poll(() => page.locator('#proxies tr').textContent(), patience).toContain('connected');
    await eventsOf(page).toContain('\\u{202e}gnp');
    await eventsOf(page).toContain('(40 blanks)');
    const seen = await page.evaluate(`({
    wasRun: globalThis.wasRun,
    elements: [...new Set([...document.querySelectorAll('main *')].map(({ localName }) => localName))].sort(),
    scripts: document.scripts.length,
    items: document.querySelectorAll('#events li').length,
  })`);
    expect(seen).toEqual({
      wasRun: undefined,
      elements: [
        ...[
          'code',
          'h2',
          'li',
          'ol',
          'p',
          'pre',
          'section',
          'table',
          'tbody',
          'td',
          'th',
          'thead',
          'time',
          'tr',
        ],
      ],
      scripts: 1,
      items: 200,
    });
    expect(complaints).toEqual([]);
    const log = JSON.stringify(systemLog(home));
    for (const secret of [token, cookie?.value ?? '?']) expect(log).not.toContain(secret);
  },
);

it(
  verifies(
    ['WEB-OWN-PAGE', 'WEB-REVOKED', 'WEB-SESSION-LASTS', 'WEB-SOCKET'],
    'T-WEB-17 a revoked page locks itself and says how it is unlocked; a page outlives its manager and misses nothing',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('files', { backend: plainServer() });
    const first = await startManager(home);
    const browser = await launchChromium();
    await using _browser: AsyncDisposable = { [Symbol.asyncDispose]: () => browser.close() };
    const { page, complaints } = await openDashboard(home, await browser.newContext());
    await liveOf(page).toBe('yes');

    const [session] = await first.client.api.access.sessions.query();
    expect(session?.userAgent).toContain('Chrome');
    await first.client.api.access.revoke.mutate({ id: session?.id ?? '' });
    await says(page, 'Locked');
    expect(await page.locator('#locked').innerText()).toContain('mcp-acp manager open');
    expect(await page.locator('#unlocked').isVisible()).toBe(false);
    expect(await page.evaluate('localStorage.length')).toBe(0);
    expect(complaints).toEqual([]);

    await unlockAgain(home, page);
    await liveOf(page).toBe('yes');
    await using client = home.start('files');
    await client.initialize();
    await eventsOf(page).toContain('client_identified');
    await first.stop();
    await says(page, 'again');
    await client.call('while-away');
    await using second = await startManager(home, first.port);
    expect(second.port).toBe(first.port);
    await says(page, 'Connected');
    await eventsOf(page).toContain('while-away');

    await page.locator('#lock').click();
    await says(page, 'Locked');
    expect(await second.client.api.access.sessions.query()).toEqual([]);
  },
);
