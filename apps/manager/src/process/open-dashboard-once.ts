import { hasScreen, openInBrowser, type Screen } from '@mcp-acp/admin/manager-browser';
import type { SystemLog } from './system-log.ts';

export interface OpenDashboardOptions {
  /** The setting `openBrowser`, and that this start is not headless. */
  readonly wanted: boolean;
  readonly screen: Screen;
  /** Pages that are connected. */
  readonly dashboards: () => number;
  /** Makes the file that unlocks the dashboard and leads to it; its path. */
  readonly redirectFile: () => string | Promise<string>;
  readonly log: SystemLog;
  /** How long a page of the manager before has to come back. */
  readonly returnMs?: number;
}

/** A page that lost its manager tries again at growing intervals, the longest of which is shorter. Milliseconds. */
const standardReturnMs = 6_000;
const lookMs = 100;

/**
 * Opens one tab with the dashboard after a start, where there is a screen and no page has come back meanwhile. A start
 * is no worse for one that cannot be opened.
 */
export async function openDashboardOnce(options: OpenDashboardOptions): Promise<void> {
  const { wanted, screen, dashboards, redirectFile, log, returnMs = standardReturnMs } = options;
  if (!wanted || !hasScreen(screen)) return;
  for (let waitedMs = 0; waitedMs < returnMs; waitedMs += lookMs) {
    if (dashboards() > 0) return;
    await new Promise((resolve) => setTimeout(resolve, lookMs).unref());
  }
  if (dashboards() > 0) return;
  try {
    const problem = await openInBrowser(await redirectFile(), screen);
    if (problem === undefined) log.write('info', 'browser_opened');
    else log.write('warn', 'browser_not_opened', { detail: problem });
  } catch (error) {
    log.fault(error, 'open_dashboard');
  }
}
