import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homePaths } from '../src/home-paths.ts';

/** An empty home under the system's temporary folder, gone at the end of the scope. */
export function temporaryHome() {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'acp-config-')));
  return {
    dir,
    paths: homePaths({ MCP_ACP_HOME: join(dir, 'home') }),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}
