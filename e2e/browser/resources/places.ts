import type { Page } from 'playwright-core';

/** A place of the dashboard: its address, and what shows that it is there and has what it shows. */
export interface Place {
  readonly name: string;
  readonly path: string;
  readonly isThere: (page: Page) => Promise<unknown>;
}

const tab =
  (proxy: string, name: string, shows: (page: Page) => Promise<unknown>): Place['isThere'] =>
  async (page) => {
    await page.getByRole('heading', { level: 1, name: proxy, exact: true }).waitFor();
    await page.getByRole('tab', { name, exact: true, selected: true }).waitFor();
    await shows(page);
  };

const policyView = (proxy: string, view: string, name: string): Place => ({
  name: `policy-${view}`,
  path: `/proxy/${proxy}?tab=policy&part=${view}`,
  isThere: tab(proxy, 'Policy', (page) =>
    page.getByRole('tab', { name, exact: true, selected: true }).waitFor(),
  ),
});

/** Every place there is, of a proxy of this name. */
export const placesOf = (proxy: string): readonly Place[] => [
  {
    name: 'proxies',
    path: '/',
    isThere: (page) => page.getByRole('article', { name: proxy, exact: true }).waitFor(),
  },
  {
    name: 'approvals',
    path: '/approvals',
    isThere: (page) => page.getByRole('heading', { name: 'Approvals', exact: true }).first().waitFor(),
  },
  {
    name: 'incidents',
    path: '/incidents',
    isThere: (page) => page.getByRole('heading', { name: 'Incidents', exact: true }).first().waitFor(),
  },
  {
    name: 'settings',
    path: '/settings',
    isThere: (page) => page.getByRole('button', { name: 'Discard' }).waitFor(),
  },
  {
    name: 'overview',
    path: `/proxy/${proxy}`,
    isThere: tab(proxy, 'Overview', (page) =>
      page.getByRole('button', { name: 'Copy client snippet' }).waitFor(),
    ),
  },
  {
    name: 'activity',
    path: `/proxy/${proxy}?tab=activity`,
    isThere: tab(proxy, 'Activity', (page) => page.getByRole('table', { name: 'Activity' }).waitFor()),
  },
  policyView(proxy, 'rules', 'Rules'),
  policyView(proxy, 'yaml', 'YAML'),
  policyView(proxy, 'history', 'History'),
  policyView(proxy, 'playground', 'Playground'),
  policyView(proxy, 'replay', 'Replay'),
  {
    name: 'config',
    path: `/proxy/${proxy}?tab=config`,
    isThere: tab(proxy, 'Config', (page) => page.getByRole('tabpanel', { name: 'Config' }).waitFor()),
  },
  {
    name: 'audit',
    path: `/proxy/${proxy}?tab=audit`,
    isThere: tab(proxy, 'Audit', (page) => page.getByRole('button', { name: 'Verify' }).waitFor()),
  },
];
