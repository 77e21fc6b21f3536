import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { behaviours } from './client/scenarios.ts';
import type { InstalledSuite } from './installed-suite.ts';
import type { OpenWay } from './server-way.ts';

const program = fileURLToPath(new URL('client/main.ts', import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx/cli');

/** The command of a client that reaches the suite's server directly, or through the proxy. */
export async function openClientWay(way: 'direct' | 'proxied'): Promise<OpenWay> {
  return { target: [process.execPath, tsx, program, way].join(' '), async [Symbol.asyncDispose]() {} };
}

/** Scenarios in which the client signs in: the proxy hands on the headers it is configured with, and has no OAuth. */
const signingIn = /^auth\//;

export interface Selection {
  readonly run: readonly string[];
  readonly left: readonly LeftOut[];
}

/** A scenario that says nothing about a relay. */
export interface LeftOut {
  readonly scenario: string;
  readonly why: string;
}

/** The client scenarios of a revision, scored or not, parted into those that can judge a relay and the rest. */
export async function selectClientScenarios(suite: InstalledSuite, revision: string): Promise<Selection> {
  const { stdout } = spawnSync(suite.node, [suite.script, 'list', '--requirements', revision], {
    encoding: 'utf8',
  });
  const scored = stdout.slice(stdout.indexOf('Client scenarios')).split('\n\n')[0] ?? '';
  const unscored = stdout.slice(stdout.indexOf('never scored'));
  const all = [
    ...[...scored.matchAll(/- (\S+)/g)].map(([, name = '']) => name),
    ...[...unscored.matchAll(/- (\S+) \[client\]/g)].map(([, name = '']) => name),
  ];
  const unknown = all.filter((name) => !signingIn.test(name) && behaviours[name] === undefined);
  if (unknown.length > 0) throw new Error(`Nothing is known of the scenarios ${unknown.join(', ')}.`);
  return {
    run: all.filter((name) => !signingIn.test(name)),
    left: all
      .filter((name) => signingIn.test(name))
      .map((scenario) => ({ scenario, why: 'the client signs in with OAuth, which the proxy does not do' })),
  };
}
