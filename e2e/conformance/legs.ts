import type { InstalledSuite } from './installed-suite.ts';
import { openServerWay } from './server-way.ts';

/** Ways on which the suite and what it judges are connected. */
export type Way = 'plain' | 'direct' | 'proxied';

export const revisions = ['2025-11-25', '2026-07-28'] as const;

/** One side of the suite, and how it is led through the proxy. */
export interface Leg {
  readonly name: 'server' | 'client';
  readonly title: string;
  readonly ways: readonly Way[];
  /** What the suite is given: a URL or a command. */
  open(way: Way): Promise<AsyncDisposable & { readonly target: string }>;
  /** The scenarios of a revision, where they are run one by one; all that it requires are run at once otherwise. */
  scenarios?(suite: InstalledSuite, revision: string): Promise<Selection>;
}

export interface Selection {
  readonly run: readonly string[];
  readonly left: readonly LeftOut[];
}

/** A scenario that says nothing about a relay. */
export interface LeftOut {
  readonly scenario: string;
  readonly why: string;
}

const serverLeg: Leg = {
  name: 'server',
  title: 'the suite as client → bridge → proxy → fixture on stdio',
  ways: ['plain', 'direct', 'proxied'],
  open: openServerWay,
};

export const legs: readonly Leg[] = [serverLeg];
