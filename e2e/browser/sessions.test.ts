import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { says, systemLog, unlockAgain } from '../resources/dashboard.ts';
import { plainServer } from '../resources/fixtures.ts';
import { flow } from './resources/stage.ts';

it(
  verifies(
    ['WEB-OWN-PAGE', 'WEB-NO-SECRETS', 'EVENTS-SEEN'],
    'T-WEB-8, T-WEB-10 the page unlocks with a code, shows what happens as it happens, and its secrets are in no address and no log',
  ),
  flow(async (stage) => {
    const { home } = stage;
    home.addProxy('files', { backend: plainServer() });
    await stage.startManager();
    const { page } = await stage.lockedVisit();
    await unlockAgain(home, page);

    // What the code came in is neither in the address nor behind it.
    expect(page.url()).toBe(`http://127.0.0.1:${stage.manager.port}/`);
    const token = String(await page.evaluate('localStorage.getItem("mcp-acp-token")'));
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(await page.evaluate('document.cookie')).toBe('');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/', domain: '127.0.0.1' });

    await using client = home.start('files');
    await client.initialize();
    await client.call('before-a-look');
    await page.goto(`http://127.0.0.1:${stage.manager.port}/proxy/files?tab=activity`);
    const activity = page.getByRole('table', { name: 'Activity' });
    await expect.poll(() => activity.innerText()).toContain('before-a-look');
    await client.call('while-looking');
    await expect.poll(() => activity.innerText()).toContain('while-looking');
    const log = JSON.stringify(systemLog(home));
    for (const secret of [token, cookie?.value ?? '?']) expect(log).not.toContain(secret);
  }),
);

it(
  verifies(
    ['WEB-OWN-PAGE', 'WEB-REVOKED', 'WEB-SESSION-LASTS', 'WEB-SOCKET'],
    'T-WEB-17 a revoked page locks itself and says how it is unlocked; a page outlives its manager and misses nothing',
  ),
  flow(async (stage) => {
    const { home } = stage;
    home.addProxy('files', { backend: plainServer() });
    const first = await stage.startManager();
    const visit = await stage.visit();
    const { page } = visit;
    // What the browser itself says of a session and a manager that are gone.
    visit.expects(/WebSocket connection to|ERR_CONNECTION_REFUSED|Failed to load resource/);

    const [session] = await first.client.api.access.sessions.query();
    expect(session?.userAgent).toContain('Chrome');
    await first.client.api.access.revoke.mutate({ id: session?.id ?? '' });
    await says(page, 'Locked');
    expect(await page.getByRole('main').innerText()).toContain('mcp-acp manager open');
    expect(await page.evaluate('localStorage.getItem("mcp-acp-token")')).toBeNull();

    await unlockAgain(home, page);
    await visit.go('/proxy/files?tab=activity');
    const activity = page.getByRole('table', { name: 'Activity' });
    await using client = home.start('files');
    await client.initialize();
    await client.call('while-there');
    await expect.poll(() => activity.innerText()).toContain('while-there');
    await first.stop();
    await says(page, 'Connection lost');
    await client.call('while-away');
    const second = await stage.startManager();
    expect(second.port).toBe(first.port);
    await says(page, 'Connected');
    await expect.poll(() => activity.innerText()).toContain('while-away');

    await page.getByRole('banner').getByRole('button', { name: 'Lock this page' }).click();
    await says(page, 'Locked');
    expect(await second.client.api.access.sessions.query()).toEqual([]);
  }),
);
