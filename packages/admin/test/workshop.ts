import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homePaths } from '@mcp-acp/config/home-paths';
import type { Actor } from '../src/actor.ts';
import { createProxy } from '../src/proxies.ts';

export const actor: Actor = { by: 'local:test', channel: 'cli', time: '2026-01-01T00:00:00.000Z' };

/** A home with one proxy, `files`, gone at the end of the scope. */
export function workshop(policy = 'version: 1\nrules: []\n') {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'acp-admin-')));
  const paths = homePaths({ MCP_ACP_HOME: join(dir, 'home') });
  const config = createProxy(
    paths,
    { name: 'files', backend: { transport: 'stdio', command: '/bin/cat', args: [], cwd: dir }, policy },
    actor,
  );
  return { dir, paths, config, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}
