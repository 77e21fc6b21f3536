import { createConnection, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { launchChromium } from '../resources/chromium.ts';
import { openDashboard, patience, says } from '../resources/dashboard.ts';
import { plainServer } from '../resources/fixtures.ts';
import { startManager } from '../resources/manager.ts';
import { TempHome } from '../resources/temp-home.ts';

const idleConnection = (port: number): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => resolve(socket));
    socket.on('error', () => resolve(socket));
  });

it(
  verifies(
    'WEB-LIMITS',
    'T-WEB-14 10,000 connections that say nothing keep no page out: one that is open stays live, another can be opened',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('files', { backend: plainServer() });
    await using manager = await startManager(home);
    await using browser = await launchChromium();
    const context = await browser.newContext();
    const { page } = await openDashboard(home, context);
    await using client = home.start('files');
    await client.initialize();
    await page.goto(`http://127.0.0.1:${manager.port}/proxy/files?tab=activity`);
    const activity = page.getByRole('table', { name: 'Activity' });
    const opened: Socket[] = [];
    for (let round = 0; round < 100; round++) {
      opened.push(...(await Promise.all(Array.from({ length: 100 }, () => idleConnection(manager.port)))));
      if (round % 20 !== 19) continue;
      await client.call(`round-${round}`);
      await expect.poll(() => activity.innerText(), patience).toContain(`round-${round}`);
      const another = await context.newPage();
      await another.goto(`http://127.0.0.1:${manager.port}/`);
      await says(another, 'Connected');
      await another.close();
    }
    for (const socket of opened) socket.destroy();
  },
);
