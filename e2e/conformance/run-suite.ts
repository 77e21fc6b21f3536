import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Check, readChecks } from './checks.ts';
import type { InstalledSuite } from './installed-suite.ts';

/** What one run of the suite is about. */
export interface SuiteRun {
  /** `server` judges a server at a URL, `client` a client that is started by a command. */
  readonly mode: 'server' | 'client';
  /** The URL or the command. */
  readonly target: string;
  /** The suite's own options for which scenarios run. */
  readonly selection: readonly string[];
  readonly onScenario: (scenario: string) => void;
}

/** All that a revision requires of a server or a client, with what is run and not scored. */
export const requiredBy = (revision: string): readonly string[] => ['--requirements', revision];

/** One scenario, spoken at a revision whether or not it is required there. */
export const oneOf = (revision: string, scenario: string): readonly string[] => [
  '--scenario',
  scenario,
  '--spec-version',
  revision,
  '--force',
];

/** Patience for a whole run; one takes a minute on a slow machine. */
const limitMs = 900_000;

/** Runs the suite to its end and resolves with its checks. Its own verdict is no matter here: checks are compared. */
export async function runSuite(suite: InstalledSuite, run: SuiteRun): Promise<readonly Check[]> {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    const target = run.mode === 'server' ? ['--url', run.target] : ['--command', run.target];
    const said = await runToEnd(suite, [run.mode, ...target, ...run.selection, '-o', folder], run.onScenario);
    const checks = readChecks(folder);
    if (checks.length === 0) throw new Error(`The suite left no checks.\n${said}`);
    return checks;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Resolves with the last that the suite said, for a message that explains why nothing came of it. */
function runToEnd(
  suite: InstalledSuite,
  args: readonly string[],
  onScenario: SuiteRun['onScenario'],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(suite.node, [suite.script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const last: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        last.push(line);
        if (last.length > 20) last.shift();
        const scenario = /(?:Running client scenario '|Starting scenario: )([^\s']+)/.exec(line)?.[1];
        if (scenario !== undefined) onScenario(scenario);
      });
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve(last.join('\n'));
    });
  });
}
