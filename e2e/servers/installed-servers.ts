import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder whose lock file pins the servers of the matrix. */
export const installedFolder = fileURLToPath(new URL('./installed', import.meta.url));
/** A copy of the lock that was installed: when the two differ, something is to be installed. */
const marker = join(installedFolder, 'node_modules', '.installed-lock.json');
const lock = (): string => readFileSync(join(installedFolder, 'package-lock.json'), 'utf8');

/** Installs the servers where they are not there as locked. No script of a package runs: some fetch browsers. */
export async function installServers(say: (text: string) => void): Promise<void> {
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock()) return;
  say('installing the servers (once, about 650 MB)');
  await new Promise<void>((resolve, reject) => {
    const npm = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: installedFolder,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1', PUPPETEER_SKIP_DOWNLOAD: '1' },
    });
    npm.on('error', reject);
    npm.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ci in e2e/servers/installed ended with ${code}`));
    });
  });
  writeFileSync(marker, lock());
}

export interface InstalledPackage {
  readonly folder: string;
  readonly version: string;
}

/** Where Node would find a package from `from`, and its version. Throws where it is not installed. */
export function installedPackage(name: string, from: string): InstalledPackage {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) {
      const { version } = JSON.parse(readFileSync(join(found, 'package.json'), 'utf8'));
      return { folder: found, version };
    }
    if (folder === dirname(folder)) throw new Error(`${name} is not installed`);
  }
}
