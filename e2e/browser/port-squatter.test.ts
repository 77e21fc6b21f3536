import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { says } from '../resources/dashboard.ts';
import { plainServer } from '../resources/fixtures.ts';
import { squatOn } from '../resources/port-squatter.ts';
import { flow } from './resources/stage.ts';

it(
  verifies(
    'WEB-MANAGER-PROVEN',
    'T-WEB-15 an open page shows neither token nor cookie to a program on the port of its manager, nor over a connection that program kept; it says so and goes on with the next manager',
  ),
  flow(async (stage) => {
    const { home } = stage;
    home.addProxy('files', { backend: plainServer() });
    const first = await stage.startManager();
    const visit = await stage.visit();
    visit.expects(/WebSocket connection to|ERR_|Failed to load resource/);
    const { page } = visit;
    await using client = home.start('files');
    await client.initialize();
    await client.call('before-it');
    await visit.go('/proxy/files?tab=activity');
    const activity = page.getByRole('table', { name: 'Activity' });
    await expect.poll(() => activity.innerText()).toContain('before-it');
    const token = String(await page.evaluate('localStorage.getItem("mcp-acp-token")'));
    expect(token).toMatch(/^[\w-]{43}$/);
    const [cookie] = await page.context().cookies();
    await first.kill();

    await using squatter = await squatOn(first.port);
    await says(page, 'Connection lost');
    await page.getByRole('alert').filter({ hasText: 'is not the manager of this page' }).waitFor();
    expect(squatter.connections).toBeGreaterThan(0);
    await squatter.letGo();
    const second = await stage.startManager();
    expect(second.port).toBe(first.port);
    await says(page, 'Connected');
    await client.call('after-it');
    await expect.poll(() => activity.innerText()).toContain('after-it');

    const all = squatter.given.join('\n\n');
    expect(all).toContain('/trpc/access.prove');
    expect(all).not.toContain(token);
    expect(all).not.toContain(cookie?.value ?? '?');
    expect(squatter.given.filter((head) => !head.startsWith('/trpc/access.prove?'))).toEqual([]);
  }),
);
