import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AcpError } from '@mcp-acp/shared/errors';
import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { syncDir } from './atomic-write.ts';
import type { HomePaths } from './home-paths.ts';
import { policyDigest } from './policy-history.ts';
import { type Backend, parseProxyConfig, readProxyConfigText } from './proxy-config.ts';
import { withWriteLock } from './write-lock.ts';

/**
 * A launch that was prepared where no person could be told from a script, such as a web page, starts nothing until
 * somebody confirms it outside of there. As long as it waits, this file lies beside config.json. That it is there is what
 * counts, whatever is in it: it is made with the folder, by the same rename, and only a confirmation takes it away.
 */
export const pendingLaunchName = 'launch.pending.json';

const fileOf = (paths: HomePaths, name: string): string => join(paths.proxyDir(name), pendingLaunchName);

/** What names a launch: SHA-256 over all that says what is started or reached, and how. */
export const launchDigest = (backend: Backend): string =>
  policyDigest(canonicalJson(backend as unknown as JsonObject));

export const pendingLaunchText = (
  launch: string,
  made: { readonly by: string; readonly time: string },
): string => `${JSON.stringify({ format: 1, launch, ...made }, null, 2)}\n`;

/** Whether the launch waits for a person. Where that cannot be told, it does. */
export function isLaunchPending(paths: HomePaths, name: string): boolean {
  try {
    return lstatSync(fileOf(paths, name), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** Throws AcpError('launch_unconfirmed') as long as nobody has confirmed what the proxy would start. */
export function checkLaunchConfirmed(paths: HomePaths, name: string): void {
  if (!isLaunchPending(paths, name)) return;
  throw new AcpError(
    'launch_unconfirmed',
    `What the proxy "${name}" would start was prepared in a web page, and nobody has confirmed it yet.`,
    { fix: `Look at it and confirm it in a terminal: mcp-acp proxy trust ${name}` },
  );
}

/** The digest of the launch that was prepared; undefined where none waits, or the file does not tell. */
export function preparedLaunch(paths: HomePaths, name: string): string | undefined {
  try {
    const value = JSON.parse(readFileSync(fileOf(paths, name), 'utf8')) as JsonValue;
    return isJsonObject(value) && typeof value.launch === 'string' ? value.launch : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A person has seen the launch of this digest and wants it. Throws AcpError: 'stale_edit' where config.json says another
 * one by now, and what `readProxyConfigText` throws.
 */
export function confirmLaunch(paths: HomePaths, name: string, shown: string): void {
  const config = paths.proxyConfig(name);
  // Nobody changes the file between the look at it and the confirmation of what was seen.
  withWriteLock(config, () => {
    const { backend } = parseProxyConfig(readProxyConfigText(paths, name), name, config);
    if (launchDigest(backend) !== shown) {
      throw new AcpError(
        'stale_edit',
        `What "${name}" would start was changed while it was being confirmed.`,
        {
          fix: 'Look at it again and confirm what is there now.',
        },
      );
    }
    rmSync(fileOf(paths, name), { force: true });
    syncDir(paths.proxyDir(name));
  });
}
