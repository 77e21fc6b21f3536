import { readFileSync } from 'node:fs';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { complaintsOf } from './chromium.ts';
import { runCommand } from './command-line.ts';
import type { TempHome } from './temp-home.ts';

/** As long as a browser may take on a slow machine. */
export const patience = { timeout: 60_000 };

/** What a page says of its connection to the manager. */
export type Connection = 'Connected' | 'Connecting' | 'Connection lost' | 'Locked';

/** Waits until the page says this of itself. */
export const says = (page: Page, connection: Connection): Promise<void> =>
  page
    // A dialog that is open covers it.
    .getByRole('status', { name: 'Connection', includeHidden: true })
    .filter({ hasText: new RegExp(`^${connection}$`) })
    .waitFor(patience);

/** A proxy in the list of the landing page. */
export const listed = (page: Page, proxy: string): Locator =>
  page.getByRole('article', { name: proxy, exact: true });

export interface Dashboard {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** Opens the file that `mcp-acp manager open` makes, in a tab, as the desktop would. */
export async function openDashboard(home: TempHome, context: BrowserContext): Promise<Dashboard> {
  const page = await context.newPage();
  const complaints: string[] = [];
  complaintsOf(page, complaints);
  await unlockAgain(home, page);
  return { page, complaints };
}

/** The same in a tab that is there already. */
export async function unlockAgain(home: TempHome, page: Page): Promise<void> {
  const opened = await runCommand(home, ['manager', 'open', '--no-browser', '--json']);
  expect(opened.stderr + opened.stdout, 'manager open').toContain('"file"');
  await page.goto(`file://${JSON.parse(opened.stdout).file}`);
  await says(page, 'Connected');
}

export interface LogLine {
  readonly event: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  /** Of an operation: who asked for it. */
  readonly caller?: string;
}

/** The manager's system log. */
export const systemLog = (home: TempHome): readonly LogLine[] =>
  readFileSync(home.paths.managerSystemLog, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine);
