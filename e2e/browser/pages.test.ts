import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { says } from '../resources/dashboard.ts';
import { filesystemServer } from '../resources/fixtures.ts';
import { approvalsIn } from './resources/approvals.ts';
import { placesOf } from './resources/places.ts';
import { asksForWrites, patientHold } from './resources/policies.ts';
import { artefact, flow, type Stage } from './resources/stage.ts';

/** A proxy in use: calls that were allowed and failed, and one that waits. */
async function lived(stage: Stage, waits = true): Promise<void> {
  const { home } = stage;
  home.addProxy('files', {
    backend: filesystemServer(home.project),
    policy: asksForWrites,
    approvals: patientHold,
  });
  await stage.startManager();
  const agent = await stage.agent('files');
  await agent.tools();
  home.write(join(home.project, 'notes.md'), 'Ship on Friday.\n');
  await agent.ask('read_text_file', { path: join(home.project, 'notes.md') });
  await agent.ask('list_directory', { path: home.project });
  await agent.ask('read_text_file', { path: join(home.project, 'absent.md') });
  if (waits)
    agent.call('write_file', { path: join(home.project, 'a.md'), content: 'A longer text\nof two lines' });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Faults of accessibility that keep somebody out, as axe finds them in what is shown. */
async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ': ' + failureSummary)))`);
}

for (const dark of [false, true]) {
  it(
    verifies(
      ['DASH-ACCESSIBLE', 'DASH-DEEP-LINKS'],
      `every place opens at its address, again after a reload, and without a serious fault of accessibility, in ${dark ? 'dark' : 'light'}`,
    ),
    flow(async (stage) => {
      await lived(stage);
      const visit = await stage.visit({ dark });
      const { page } = visit;
      for (const { name, path, isThere } of placesOf('files')) {
        await visit.go(path);
        await isThere(page);
        await page.reload();
        await isThere(page);
        await says(page, 'Connected');
        expect.soft(await seriousFaults(page), `${name} (${path})`).toEqual([]);
        await page.screenshot({ path: artefact(`${dark ? 'dark' : 'light'}-${name}`), fullPage: true });
      }
      const approvals = approvalsIn(page);
      await approvals.review();
      await approvals.card('write_file').waitFor();
      expect.soft(await seriousFaults(page), 'the drawer').toEqual([]);
      await page.screenshot({ path: artefact(`${dark ? 'dark' : 'light'}-drawer`) });
    }),
  );
}

it(
  verifies('DASH-SMALL-SCREEN', 'on a telephone every place fits the width of the screen'),
  flow(async (stage) => {
    await lived(stage);
    for (const dark of [false, true]) {
      const visit = await stage.visit({ width: 390, height: 844, dark });
      const { page } = visit;
      const fits = async (name: string): Promise<void> => {
        const widest = `[...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(({ outerHTML }) => outerHTML.slice(0, 160))`;
        const width = await page.evaluate('document.scrollingElement.scrollWidth');
        expect.soft(width, `${name}: ${width === 390 ? '' : await page.evaluate(widest)}`).toBe(390);
      };
      for (const { name, path, isThere } of placesOf('files')) {
        await visit.go(path);
        await isThere(page);
        await fits(name);
        await page.screenshot({ path: artefact(`phone-${dark ? 'dark' : 'light'}-${name}`), fullPage: true });
      }
      const approvals = approvalsIn(page);
      await approvals.review();
      await approvals.card('write_file').waitFor();
      await fits('drawer');
      await page.screenshot({ path: artefact(`phone-${dark ? 'dark' : 'light'}-drawer`) });
    }
  }),
);

it(
  verifies(
    'DASH-DEEP-LINKS',
    'a name that is no proxy leads to the list, which says so; a locked page says how to unlock',
  ),
  flow(async (stage) => {
    stage.home.addProxy('files', { backend: filesystemServer(stage.home.project) });
    await stage.startManager();
    const locked = await stage.lockedVisit();
    await locked.go('/proxy/files?tab=audit');
    await locked.page.getByRole('heading', { name: 'The dashboard is locked' }).waitFor();
    expect(await locked.page.locator('main').innerText()).toContain('mcp-acp manager open');
    const visit = await stage.visit();
    const { page } = visit;
    await visit.go('/proxy/nothing<b>?tab=policy');
    await page.getByRole('alert').filter({ hasText: 'There is no proxy named' }).waitFor();
    expect(await page.getByRole('alert').filter({ hasText: 'There is no proxy' }).innerText()).toContain(
      'nothing<b>',
    );
    await expect.poll(() => new URL(page.url()).pathname).toBe('/');
    await page
      .getByRole('article', { name: 'files', exact: true })
      .getByRole('link', { name: 'files', exact: true })
      .click();
    await page.getByRole('tab', { name: 'Audit' }).click();
    await page.getByRole('button', { name: 'Verify' }).waitFor();
    expect(page.url()).toContain('/proxy/files?tab=audit');
    await page.goBack();
    await page.getByRole('tab', { name: 'Overview', selected: true }).waitFor();
  }),
);

it(
  verifies(
    ['DASH-WEIGHT', 'DASH-ONE-ORIGIN'],
    'the landing page brings at most 200 kB of JavaScript over the wire',
  ),
  flow(async (stage) => {
    await lived(stage, false);
    // A browser that keeps nothing from before.
    const visit = await stage.lockedVisit();
    const { page } = visit;
    const scripts: { readonly url: string; readonly bytes: Promise<number> }[] = [];
    page.on('requestfinished', (request) => {
      if (request.resourceType() !== 'script') return;
      scripts.push({
        url: request.url(),
        bytes: request.sizes().then(({ responseBodySize }) => responseBodySize),
      });
    });
    const { code } = await stage.manager.client.api.access.createCode.mutate();
    await visit.go(`/#code=${code}`);
    await says(page, 'Connected');
    await page.getByRole('article', { name: 'files', exact: true }).waitFor();
    await page.waitForLoadState('networkidle');
    const sizes = await Promise.all(scripts.map(({ bytes }) => bytes));
    const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
    expect(scripts.length).toBeGreaterThan(0);
    expect(total).toBeGreaterThan(10_000);
    const listed = scripts.map(({ url }, index) => `${sizes[index]} ${url}`).join('\n');
    expect(total, `bytes of\n${listed}`).toBeLessThanOrEqual(200_000);
  }),
);
