import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { launchChromium } from '../resources/chromium.ts';
import { openDashboard, patience, says } from '../resources/dashboard.ts';
import { plainServer } from '../resources/fixtures.ts';
import { startManager } from '../resources/manager.ts';
import { squatOn } from '../resources/port-squatter.ts';
import { TempHome } from '../resources/temp-home.ts';

it(
  verifies(
    'WEB-MANAGER-PROVEN',
    'T-WEB-15 an open page shows neither token nor cookie to a program on the port of its manager, nor over a connection that program kept; it says so and goes on with the next manager',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('files', { backend: plainServer() });
    const first = await startManager(home);
    const browser = await launchChromium();
    await using _browser: AsyncDisposable = { [Symbol.asyncDispose]: () => browser.close() };
    const { page } = await openDashboard(home, await browser.newContext());
    const token = String(await page.evaluate('localStorage.getItem("mcp-acp-token")'));
    expect(token).toMatch(/^[\w-]{43}$/);
    const [cookie] = await page.context().cookies();
    await first.kill();

    await using squatter = await squatOn(first.port);
    await says(page, 'Another program answers');
    expect(squatter.connections).toBeGreaterThan(0);
    await squatter.letGo();
    await using second = await startManager(home, first.port);
    expect(second.port).toBe(first.port);
    await says(page, 'Connected');
    await using client = home.start('files');
    await client.initialize();
    await client.call('after-it');
    await expect.poll(() => page.locator('#events').textContent(), patience).toContain('after-it');

    const all = squatter.given.join('\n\n');
    expect(all).toContain('/trpc/access.prove');
    expect(all).not.toContain(token);
    expect(all).not.toContain(cookie?.value ?? '?');
    expect(squatter.given.filter((head) => !head.startsWith('/trpc/access.prove?'))).toEqual([]);
  },
);
