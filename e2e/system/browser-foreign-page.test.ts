import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { launchChromium } from '../resources/chromium.ts';
import { type Dashboard, listed, openDashboard, patience, says, systemLog } from '../resources/dashboard.ts';
import { plainServer } from '../resources/fixtures.ts';
import { type ForeignSite, foreignSite } from '../resources/foreign-site.ts';
import { type RunningManager, startManager } from '../resources/manager.ts';
import { TempHome } from '../resources/temp-home.ts';

/** What an attempt of the hostile page came to: what it could read, if anything. */
interface Attempt {
  readonly what: string;
  readonly read?: string;
}

const hostileScript = readFileSync(
  fileURLToPath(new URL('../fixtures/hostile-page.mjs', import.meta.url)),
  'utf8',
);
/** For what may never be answered, such as a frame that is not shown. */
const waitMs = 20_000;
const empty = '<!doctype html><title>rebound</title><body></body>';

let home: TempHome;
let manager: RunningManager;
let browser: Browser;
let context: BrowserContext;
let site: ForeignSite;

/** A browser in which the dashboard was unlocked, so that its cookie is there, and a manager that has a proxy. */
beforeAll(async () => {
  home = new TempHome();
  home.addProxy('files', { backend: plainServer() });
  manager = await startManager(home);
  browser = await launchChromium(['evil.test', 'rebind.test']);
  context = await browser.newContext();
  site = await foreignSite();
  const { page } = await openDashboard(home, context);
  await page.close();
  while ((await manager.client.api.manager.status.query()).dashboards > 0) await sleep(50);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
  await manager?.[Symbol.asyncDispose]();
  await home?.[Symbol.asyncDispose]();
});

const ours = (): string => `http://127.0.0.1:${manager.port}`;

/** What a stranger must not be able to change. */
async function stateNow(): Promise<unknown> {
  const { api } = manager.client;
  const [sessions, tokens, proxies] = await Promise.all([
    api.access.sessions.query(),
    api.access.tokens.query(),
    api.proxies.list.query(),
  ]);
  return { sessions: sessions.map(({ id }) => id), tokens, proxies };
}

/** How many requests were answered with each status. Not each of them is a line of the log. */
async function answersNow(): Promise<ReadonlyMap<number, number>> {
  const { text } = await manager.client.api.manager.metrics.query();
  const answers = new Map<number, number>();
  for (const [, status, count] of text.matchAll(
    /^mcp_acp_http_requests_total\{.*status="(\d+)".*\} (\d+)$/gm,
  )) {
    answers.set(Number(status), (answers.get(Number(status)) ?? 0) + Number(count));
  }
  return answers;
}

/** Tries everything from a page, and holds that it read nothing, that all it sent was refused, and that nothing ran. */
async function attackFrom(page: Page, target: string): Promise<readonly Attempt[]> {
  const before = { state: await stateNow(), lines: systemLog(home).length, answers: await answersNow() };
  await page.addScriptTag({ content: hostileScript }).catch(() => page.evaluate(hostileScript));
  const attempts = (await page.evaluate(`attack(${JSON.stringify({ target, waitMs })})`)) as Attempt[];
  await page.close();
  const lines = systemLog(home).slice(before.lines);
  const requests = lines.filter(({ event }) => event === 'request');
  expect(attempts.filter(({ read }) => read !== undefined)).toEqual([]);
  expect(requests.filter(({ status = 0 }) => status < 400)).toEqual([]);
  // Our own questions of the state came over the socket.
  const ran = lines.filter(({ event, caller }) => event === 'operation' && caller !== 'socket');
  expect(ran).toEqual([]);
  expect(await stateNow()).toEqual(before.state);
  // The attempts arrived: it was not the browser alone that kept them.
  const answers = [...(await answersNow())].map(([status, count]) => ({
    status,
    count: count - (before.answers.get(status) ?? 0),
  }));
  expect(answers.filter(({ status, count }) => status < 400 && count > 0)).toEqual([]);
  expect(answers.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(100);
  return attempts;
}

const origins: readonly (readonly [string, () => string])[] = [
  ['another port of 127.0.0.1', () => `http://127.0.0.1:${site.port}/`],
  ['localhost', () => `http://localhost:${site.port}/`],
  ['a foreign host', () => `http://evil.test:${site.port}/`],
  ['no origin at all', () => 'data:text/html,<!doctype html><title>none</title><body></body>'],
];

for (const [where, address] of origins) {
  it(
    verifies(['WEB-FOREIGN-PAGE', 'WEB-MATRIX'], `T-WEB-4 a page of ${where} reads and changes nothing`),
    async () => {
      const page = await context.newPage();
      await page.goto(address());
      const attempts = await attackFrom(page, ours());
      expect(attempts.length).toBeGreaterThan(200);
    },
  );
}

it(
  verifies(
    ['WEB-FOREIGN-PAGE', 'WEB-MATRIX'],
    'T-WEB-5 a page whose name was pointed at 127.0.0.1, so that for the browser it has our origin, reads and changes nothing',
  ),
  async () => {
    const origin = `http://rebind.test:${manager.port}`;
    for (const target of [origin, ours()]) {
      const page = await context.newPage();
      // The page itself came when the name still led to its own server.
      await page.route(
        `${origin}/start`,
        (route) => route.fulfill({ contentType: 'text/html', body: empty }),
        {
          times: 1,
        },
      );
      await page.goto(`${origin}/start`);
      await attackFrom(page, target);
    }
  },
);

it(
  verifies(
    ['WEB-COOKIE-ALONE', 'WEB-FOREIGN-PAGE'],
    'T-WEB-6 another port of 127.0.0.1 is sent our cookie, which opens nothing',
  ),
  async () => {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${site.port}/`);
    await page.close();
    const stolen = site.cookies.find((cookie) => cookie.includes('mcp-acp-')) ?? '';
    expect(stolen).toMatch(/^mcp-acp-[0-9a-f]{8}=[\w-]{43}$/);
    for (const path of ['proxies.list', 'access.sessions', 'manager.status']) {
      const replayed = await fetch(`${ours()}/trpc/${path}`, { headers: { Cookie: stolen, Origin: ours() } });
      expect(replayed.status).toBe(401);
    }
  },
);

it(
  verifies(
    'WEB-FOREIGN-PAGE',
    'a page that opens the dashboard in a window holds nothing of it, and a code it makes up changes nothing',
  ),
  async () => {
    const before = await stateNow();
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${site.port}/`);
    for (const address of [`${ours()}/`, `${ours()}/#code=AAAAAAAAAAAAAAAAAAAAAA`, `${ours()}/proxy/files`]) {
      const opening = context.waitForEvent('page');
      const opened = page.evaluate((url) => {
        const scope = globalThis as unknown as { open(url: string): unknown; held: unknown };
        scope.held = scope.open(url);
      }, address);
      const shown = await opening;
      await opened;
      await says(shown, 'Connected');
      const held = await page.evaluate(() => {
        const { held } = globalThis as unknown as { held: Record<string, unknown> | null };
        const seen: string[] = [];
        for (const member of ['document', 'localStorage', 'name', 'length', 'opener'] as const) {
          try {
            if (held?.[member]) seen.push(member);
          } catch {
            // Not for this page to see.
          }
        }
        return { closed: held?.closed, seen };
      });
      expect(held).toEqual({ closed: true, seen: [] });
      await shown.close();
    }
    await page.close();
    expect(await stateNow()).toEqual(before);
  },
);

it(verifies('WEB-FOREIGN-PAGE', 'after all that, who has unlocked the dashboard is still in'), async () => {
  const page = await context.newPage();
  await page.goto(ours());
  await says(page, 'Connected');
  await page.close();
  const { page: again, complaints }: Dashboard = await openDashboard(home, context);
  await listed(again, 'files').waitFor(patience);
  expect(complaints).toEqual([]);
  await again.close();
});
