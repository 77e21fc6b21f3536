import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The browser that tests drive: path of a Chromium that runs here. */
    browser: string;
  }
}

/** What the search for a browser asks of a machine, so that it can be tried on machines that are not there. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly isRoot: boolean;
  /** Debian, or what descends from it. */
  readonly hasApt: boolean;
  /** Where Playwright keeps its own. */
  readonly playwrights: string;
  exists(file: string): boolean;
  /** Whether it ends well within the time. What it says is shown where it takes long. */
  run(command: readonly string[], timeoutMs: number): boolean;
}

/** A browser that hangs when it is asked for its version is none. */
const versionMs = 60_000;
const downloadMs = 300_000;
const installMs = 900_000;

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const usualPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
  ],
  darwin: [
    'Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
};

function candidates({ platform, env, home, playwrights }: Machine): readonly string[] {
  const places = usualPlaces[platform] ?? [];
  return [
    ...(env.E2E_BROWSER === undefined ? [] : [env.E2E_BROWSER]),
    playwrights,
    ...(env.PATH ?? '')
      .split(delimiter)
      .filter((folder) => folder !== '')
      .flatMap((folder) => names.map((name) => join(folder, name))),
    ...places.flatMap((place) => (place.startsWith('/') ? [place] : [`/${place}`, join(home, place)])),
  ];
}

const firstThatRuns = (machine: Machine): string | undefined =>
  candidates(machine).find((file) => machine.exists(file) && machine.run([file, '--version'], versionMs));

/**
 * Path of a Chromium that runs here: Playwright's own or the system's, else what can be got: Playwright's download,
 * else Debian's package where this is root. Throws, saying what to install, where there is none and none can be had.
 */
export function findBrowser(machine: Machine): string {
  const ways: readonly (() => void)[] = [
    () => {},
    () => {
      const playwright = createRequire(import.meta.url).resolve('playwright-core/package.json');
      machine.run([process.execPath, join(dirname(playwright), 'cli.js'), 'install', 'chromium'], downloadMs);
    },
    () => {
      if (!machine.hasApt || !machine.isRoot) return;
      const wait = ['-o', 'DPkg::Lock::Timeout=300'];
      machine.run(['apt-get', ...wait, 'update'], installMs);
      machine.run(['apt-get', ...wait, 'install', '-y', '--no-install-recommends', 'chromium'], installMs);
    },
  ];
  for (const prepare of ways) {
    prepare();
    const found = firstThatRuns(machine);
    if (found !== undefined) return found;
  }
  throw new Error(noBrowser(machine));
}

const howToInstall = ({ platform, hasApt }: Machine): string => {
  if (platform === 'darwin') return 'install Google Chrome or Chromium in /Applications';
  return hasApt
    ? 'sudo apt-get install -y chromium'
    : 'install Chromium with the package manager of your system';
};

const noBrowser = (machine: Machine): string =>
  [
    'The tests of the dashboard need Chromium or Google Chrome, and none runs here.',
    `Either: ${howToInstall(machine)}`,
    'or:     npx playwright-core install --with-deps chromium',
    'or:     E2E_BROWSER=/path/to/chromium names one that is there.',
  ].join('\n');

/** The machine this runs on. */
export const thisMachine = (): Machine => ({
  platform: process.platform,
  env: process.env,
  home: homedir(),
  isRoot: process.getuid?.() === 0,
  hasApt: existsSync('/etc/debian_version'),
  playwrights: chromium.executablePath(),
  exists: existsSync,
  run: ([program = '', ...args], timeout) =>
    spawnSync(program, args, {
      timeout,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'ignore', timeout > versionMs ? 'inherit' : 'ignore'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0,
});

/** Before any test: finds the browser once for all of them, and fails all of them where there is none. */
export function setup({ provide }: TestProject): void {
  provide('browser', findBrowser(thisMachine()));
}
