import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const room = fileURLToPath(new URL('..', import.meta.url));
/** What npm shows beside a package, as far as the repository has it. */
const pages = ['LICENSE', 'README.md'].filter((name) => existsSync(join(room, '..', '..', name)));
const folder = mkdtempSync(join(tmpdir(), 'acp-pack-'));
const app = join(folder, 'app');
const installed = join(app, 'node_modules', 'mcp-acp');
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  MCP_ACP_HOME: join(folder, 'home'),
  npm_config_cache: join(folder, 'cache'),
  npm_config_update_notifier: 'false',
};

beforeAll(() => {
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{"private":true}');
  execFileSync('npm', ['pack', '--pack-destination', folder], {
    cwd: room,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [archive] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  // Offline: a package that is whole in itself needs no registry.
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, archive ?? '')], {
    cwd: app,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(join(app, 'node_modules', '.bin', 'mcp-acp'), args, {
    cwd: app,
    env,
    encoding: 'utf8',
    input: '',
  });
  return { status, stdout, stderr };
};

test('nothing comes with it', () => {
  expect(readdirSync(join(app, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['mcp-acp']);
  expect(readdirSync(installed).sort()).toEqual([...pages, 'bin', 'dist', 'package.json']);
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(manifest.dependencies).toBeUndefined();
});

test('it runs where it was installed', () => {
  const { version } = JSON.parse(readFileSync(join(room, 'package.json'), 'utf8'));
  expect(run('--version').stdout).toBe(`${version}\n`);
  const backend = join(room, 'test', 'fixtures', 'backend.mjs');
  const added = run('proxy', 'add', 'files', '--json', '--', process.execPath, backend);
  expect(added.stderr).toBe('');
  expect(JSON.parse(added.stdout).client.mcpServers.files.args).toEqual([
    join(installed, 'bin', 'mcp-acp.cjs'),
    'start',
    '--proxy',
    'files',
  ]);
  expect(run('start', '--headless', '--proxy', 'files')).toMatchObject({ status: 0, stdout: '' });
  expect(run('audit', 'verify').status).toBe(0);
});

test('nothing in it leads back to this machine', () => {
  for (const name of readdirSync(join(installed, 'dist')).filter((file) => file.endsWith('.cjs'))) {
    expect(readFileSync(join(installed, 'dist', name), 'utf8')).not.toContain(room);
  }
});

test('without its bundles it says what to do', () => {
  const dist = join(installed, 'dist');
  rmSync(dist, { recursive: true });
  for (const args of [['status'], ['start', '--proxy', 'files'], ['start']]) {
    const { status, stderr } = run(...args);
    expect(status).toBe(1);
    expect(stderr).toContain('npm run build');
  }
  expect(JSON.parse(run('status', '--json').stdout).error.code).toBe('internal');
});
