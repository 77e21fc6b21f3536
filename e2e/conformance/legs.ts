import { openClientWay, type Selection, selectClientScenarios } from './client-way.ts';
import type { InstalledSuite } from './installed-suite.ts';
import { type OpenWay, openServerWay, openServerWayOverHttp } from './server-way.ts';

/** Ways on which the suite and what it judges are connected. */
export type Way = 'plain' | 'direct' | 'proxied';

export const revisions = ['2025-11-25', '2026-07-28'] as const;

/** One side of the suite, and how it is led through the proxy. */
export interface Leg {
  readonly name: 'server' | 'server-http' | 'client';
  /** Whom the suite judges: a server at a URL, or a client that is started by a command. */
  readonly mode: 'server' | 'client';
  readonly ways: readonly Way[];
  open(way: Way): Promise<OpenWay>;
  /** The scenarios of a revision, where they are run one by one; all that it requires are run at once otherwise. */
  scenarios?(suite: InstalledSuite, revision: string): Promise<Selection>;
}

export const legs: readonly Leg[] = [
  {
    name: 'server',
    mode: 'server',
    ways: ['plain', 'direct', 'proxied'],
    open: openServerWay,
  },
  { name: 'server-http', mode: 'server', ways: ['direct', 'proxied'], open: openServerWayOverHttp },
  {
    name: 'client',
    mode: 'client',
    ways: ['direct', 'proxied'],
    open: openClientWay,
    scenarios: selectClientScenarios,
  },
];
