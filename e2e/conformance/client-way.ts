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
  // The suite hands this to a shell.
  const words = [process.execPath, tsx, program, way].map((word) => `"${word}"`);
  return { target: words.join(' '), async [Symbol.asyncDispose]() {} };
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

/** The client scenarios that the suite's own list of requirements names, scored or only run. */
export function clientScenariosIn(list: string): readonly string[] {
  const scored = /^Client scenarios.*\n((?: +- \S+\n)*)/m.exec(list)?.[1] ?? '';
  return [...scored.matchAll(/- (\S+)/g), ...list.matchAll(/- (\S+) \[client\]/g)].map(
    ([, name = '']) => name,
  );
}

/** The client scenarios of a revision, parted into those that can judge a relay and the rest. */
export async function selectClientScenarios(suite: InstalledSuite, revision: string): Promise<Selection> {
  const { stdout } = spawnSync(suite.node, [suite.script, 'list', '--requirements', revision], {
    encoding: 'utf8',
  });
  const all = clientScenariosIn(stdout);
  const run = all.filter((name) => !signingIn.test(name));
  const unknown = run.filter((name) => behaviours[name] === undefined);
  if (run.length === 0 || unknown.length > 0) {
    throw new Error(
      `The suite's list of client scenarios is not understood: ${unknown.join(', ') || stdout}`,
    );
  }
  return {
    run,
    left: all
      .filter((name) => signingIn.test(name))
      .map((scenario) => ({ scenario, why: 'the client signs in with OAuth, which the proxy does not do' })),
  };
}
