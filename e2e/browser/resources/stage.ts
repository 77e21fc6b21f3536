import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import { launchChromium } from '../../resources/chromium.ts';
import { type RunningManager, startManager } from '../../resources/manager.ts';
import { TempHome } from '../../resources/temp-home.ts';
import { openTerminal, type Terminal } from '../../resources/terminal.ts';
import { type Agent, startAgent } from './agent.ts';
import { lockedVisit, type Visit, type VisitOptions, visitDashboard } from './visit.ts';

/** Screenshots: what a person looks at, and of each flow that failed what its pages showed last. */
const artefacts = fileURLToPath(new URL('../../artefacts', import.meta.url));

export const artefact = (name: string): string => {
  mkdirSync(artefacts, { recursive: true });
  return `${artefacts}/${name}.png`;
};

/** One browser for the flows of a file; each has contexts of its own. */
let browser: Promise<Browser> | undefined;
afterAll(async () => {
  await (await browser)?.close();
});
function theBrowser(): Promise<Browser> {
  browser ??= launchChromium();
  return browser;
}

/** A home, a manager, and whoever takes part in a flow: browsers, agents, terminals. All of it ends with the flow. */
export class Stage {
  readonly home = new TempHome();
  readonly visits: Visit[] = [];
  private running: RunningManager | undefined;
  private readonly ends: (() => PromiseLike<void>)[] = [];

  get manager(): RunningManager {
    if (this.running === undefined) throw new Error('The flow has not started a manager.');
    return this.running;
  }

  /** Starts the manager; after it has ended, again, where it was. */
  async startManager(): Promise<RunningManager> {
    const isFirst = this.running === undefined;
    this.running = await startManager(this.home, this.running?.port);
    if (isFirst) this.ends.push(async () => this.running?.stop());
    return this.running;
  }

  async visit(options: VisitOptions = {}): Promise<Visit> {
    return this.keep(await visitDashboard(await theBrowser(), this.manager, options));
  }

  async lockedVisit(options: VisitOptions = {}): Promise<Visit> {
    return this.keep(await lockedVisit(await theBrowser(), this.manager.port, options));
  }

  private keep(visit: Visit): Visit {
    this.visits.push(visit);
    this.ends.push(() => visit.context.close());
    return visit;
  }

  async agent(proxy: string): Promise<Agent> {
    const agent = await startAgent(this.home, proxy);
    this.ends.push(() => agent[Symbol.asyncDispose]());
    return agent;
  }

  terminal(args: readonly string[]): Terminal {
    const terminal = openTerminal(this.home, args);
    this.ends.push(() => terminal[Symbol.asyncDispose]());
    return terminal;
  }

  async end(): Promise<void> {
    for (const end of this.ends.reverse()) await end();
    await this.home[Symbol.asyncDispose]();
  }
}

/** A flow from an empty home to its end, at which no page may have complained of anything. */
export const flow = (run: (stage: Stage) => Promise<void>) => async (): Promise<void> => {
  const stage = new Stage();
  try {
    await run(stage);
    for (const visit of stage.visits) expect(visit.unexpected(), 'what a page complained of').toEqual([]);
  } catch (error) {
    const name = (expect.getState().currentTestName ?? 'flow').replace(/[^\w]+/g, '-').slice(0, 80);
    for (const [index, { page, unexpected }] of stage.visits.entries()) {
      await page.screenshot({ path: artefact(`failed-${name}-${index}`), fullPage: true }).catch(() => {});
      if (unexpected().length > 0) console.error(`Page ${index} complained:\n${unexpected().join('\n')}`);
    }
    throw error;
  } finally {
    await stage.end();
  }
};
