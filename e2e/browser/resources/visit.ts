import type { Browser, BrowserContext, Page } from 'playwright-core';
import { complaintsOf } from '../../resources/chromium.ts';
import { patience, says } from '../../resources/dashboard.ts';
import { ranMark } from '../../resources/hostile-texts.ts';
import type { RunningManager } from '../../resources/manager.ts';

export interface VisitOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** One browser of a person, with nothing kept from before: an unlocked dashboard and all that its pages complain of. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts and of the console, what a policy forbade, dialogs, requests to other origins. */
  readonly complaints: string[];
  /** Goes to a place within the dashboard, as if it was typed. */
  go(path: string): Promise<void>;
  /** A complaint that a flow brings about itself. */
  expects(complaint: RegExp): void;
  /** Another tab of the same browser. */
  tab(path: string): Promise<Page>;
  unexpected(): readonly string[];
}

/** In the page, before any script of it: what shows that a policy forbade something, or that a hostile text ran. */
const watch = `
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
    console.error('[policy] ' + violatedDirective + ' ' + blockedURI + ' ' + sample));
  Object.defineProperty(globalThis, '${ranMark}', { set: (text) => console.error('[ran] ' + text) });
`;

function listen(page: Page, origin: string, complaints: string[]): void {
  page.setDefaultTimeout(patience.timeout);
  complaintsOf(page, complaints);
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    const isLocal = asked === origin || protocol === 'data:' || protocol === 'blob:' || protocol === 'file:';
    if (!isLocal) complaints.push(`a request to ${request.url()}`);
  });
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== new URL(origin).host) complaints.push(`a socket to ${socket.url()}`);
  });
}

/** A locked dashboard in a browser of its own. */
export async function lockedVisit(
  browser: Browser,
  port: number,
  options: VisitOptions = {},
): Promise<Visit> {
  const origin = `http://127.0.0.1:${port}`;
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    colorScheme: options.dark === true ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  await context.addInitScript(watch);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  const complaints: string[] = [];
  context.on('page', (page) => listen(page, origin, complaints));
  // A question may end while a page asks for its card.
  const expected = [/status of 404 .*\/trpc\/[^?]*proxy\.approval/];
  const page = await context.newPage();
  return {
    page,
    context,
    complaints,
    go: async (path) => {
      await page.goto(origin + path);
    },
    expects: (complaint) => {
      expected.push(complaint);
    },
    tab: async (path) => {
      const tab = await context.newPage();
      await tab.goto(origin + path);
      return tab;
    },
    unexpected: () => complaints.filter((text) => !expected.some((pattern) => pattern.test(text))),
  };
}

/** The same, unlocked with a code of its own. */
export async function visitDashboard(
  browser: Browser,
  manager: RunningManager,
  options: VisitOptions = {},
): Promise<Visit> {
  const visit = await lockedVisit(browser, manager.port, options);
  const { code } = await manager.client.api.access.createCode.mutate();
  await visit.go(`/#code=${code}`);
  await says(visit.page, 'Connected');
  return visit;
}
