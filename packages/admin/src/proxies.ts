import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { atomicWrite, syncDir } from '@mcp-acp/config/atomic-write';
import { formatSettings } from '@mcp-acp/config/edit-settings';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import {
  isLaunchPending,
  launchDigest,
  pendingLaunchName,
  pendingLaunchText,
} from '@mcp-acp/config/pending-launch';
import { confirmPolicy, keepPolicyVersion } from '@mcp-acp/config/policy-history';
import { ensurePrivateDir } from '@mcp-acp/config/private-dir';
import {
  type HttpBackend,
  type ProxyConfig,
  parseProxyConfig,
  proxyNames,
  readProxyConfig,
  type StdioBackend,
} from '@mcp-acp/config/proxy-config';
import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import { newProxyId } from '@mcp-acp/shared/ids';
import type { JsonObject } from '@mcp-acp/shared/json';
import { proxyNameProblem } from '@mcp-acp/shared/proxy-name';
import type { Actor } from './actor.ts';
import { runningInstances } from './instances.ts';

/** What a new proxy stands in front of. What is left out has its default. */
export interface NewProxy {
  readonly name: string;
  readonly backend: NewBackend;
  readonly policy: string;
  /** Nothing is started before a person has confirmed it outside the browser. */
  readonly unconfirmed?: true;
}

export type NewBackend =
  | (Pick<StdioBackend, 'transport' | 'command' | 'args'> & Partial<StdioBackend>)
  | (Pick<HttpBackend, 'transport' | 'url'> & Partial<HttpBackend>);

/** Throws AcpError: 'usage' for a name that cannot be one, 'proxy_exists'. */
export function checkNewName(paths: HomePaths, name: string): void {
  const problem = proxyNameProblem(name);
  if (problem !== undefined) throw new AcpError('usage', problem);
  if (isTaken(paths, name)) throw exists(name);
}

/**
 * Makes a proxy: its folder appears whole or not at all, and of two makers at once one wins. Throws AcpError:
 * 'usage', 'proxy_exists', 'policy_invalid', 'config_invalid'.
 */
export function createProxy(paths: HomePaths, proxy: NewProxy, actor: Actor): ProxyConfig {
  checkNewName(paths, proxy.name);
  parsePolicy(proxy.policy, paths.policy(proxy.name));
  const config: JsonObject = {
    format: 1,
    id: newProxyId(randomBytes),
    backend: { ...proxy.backend },
  };
  const text = formatSettings(config);
  const checked = parseProxyConfig(text, proxy.name, paths.proxyConfig(proxy.name));

  ensurePrivateDir(paths.home);
  ensurePrivateDir(paths.proxies);
  // Journals of an earlier proxy of this name, whose folder was deleted by hand, belong to another identity.
  moveLogs(paths, proxy.name, { now: new Date(actor.time) });
  // A name that cannot be a proxy's, so that a maker that dies here leaves nothing that looks like one.
  const made = join(paths.proxies, `.new-${randomBytes(6).toString('hex')}`);
  mkdirSync(made, { mode: 0o700 });
  try {
    atomicWrite(join(made, 'config.json'), text);
    atomicWrite(join(made, 'policy.yaml'), proxy.policy);
    if (proxy.unconfirmed) {
      const pending = pendingLaunchText(launchDigest(checked.backend), { by: actor.by, time: actor.time });
      atomicWrite(join(made, pendingLaunchName), pending);
    }
    renameSync(made, paths.proxyDir(proxy.name));
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    const code = systemErrorCode(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') throw exists(proxy.name);
    throw error;
  }
  syncDir(paths.proxies);
  const { digest } = keepPolicyVersion(paths, proxy.name, proxy.policy);
  confirmPolicy(paths, proxy.name, { digest, time: actor.time, by: actor.by, channel: actor.channel });
  return checked;
}

/** One line of the list of proxies. A proxy whose configuration is broken is listed with what is wrong. */
export type ListedProxy =
  | {
      readonly name: string;
      readonly config: ProxyConfig;
      readonly live: number;
      readonly unconfirmed: boolean;
    }
  | { readonly name: string; readonly problem: AcpError; readonly live: number };

export function listProxies(paths: HomePaths): readonly ListedProxy[] {
  return proxyNames(paths).map((name) => {
    const live = runningInstances(paths, name).instances.length;
    try {
      return { name, config: readProxyConfig(paths, name), live, unconfirmed: isLaunchPending(paths, name) };
    } catch (error) {
      if (error instanceof AcpError) return { name, problem: error, live };
      throw error;
    }
  });
}

/** Names of proxies in front of the very same backend. */
export function proxiesOfBackend(paths: HomePaths, backend: NewBackend): readonly string[] {
  const key = backendKey(backend);
  return listProxies(paths).flatMap((proxy) =>
    'config' in proxy && backendKey(proxy.config.backend) === key ? [proxy.name] : [],
  );
}

function backendKey(backend: NewBackend): string {
  if (backend.transport === 'stdio') return JSON.stringify([backend.command, backend.args, backend.cwd]);
  return URL.canParse(backend.url) ? new URL(backend.url).href : backend.url;
}

/** Where a removed proxy went. */
export interface ArchivedProxy {
  readonly folder: string;
  /** Its journals; absent where it never ran. */
  readonly logs?: string;
}

/**
 * Moves a proxy's folder and its logs to `archive/`. Throws AcpError: 'proxy_unknown', 'usage' while an instance runs.
 */
export function archiveProxy(paths: HomePaths, name: string, now: Date): ArchivedProxy {
  if (!proxyNames(paths).includes(name)) readProxyConfig(paths, name);
  const live = runningInstances(paths, name).instances;
  if (live.length > 0) {
    throw new AcpError('usage', `"${name}" is running (${live.length} instances).`, {
      fix: 'Remove it from the client that starts it, restart the client, and try again.',
    });
  }
  ensurePrivateDir(paths.archive);
  const folder = join(paths.archive, archivedName(name, now));
  // Logs first: what is left after a crash is a proxy without journals, which works, not journals that wait for
  // another proxy of the same name and would not fit it.
  const inside = join(paths.proxyDir(name), 'logs');
  const logs = moveLogs(paths, name, { to: inside, now });
  renameSync(paths.proxyDir(name), folder);
  syncDir(paths.archive);
  syncDir(paths.proxies);
  if (logs === undefined) return { folder };
  return { folder, logs: logs === inside ? join(folder, 'logs') : logs };
}

const archivedName = (name: string, now: Date) => `${name}_${now.toISOString().replace(/[:.]/g, '-')}`;

/** Moves the logs of a name away. Returns where they went; undefined where there are none. */
function moveLogs(
  paths: HomePaths,
  name: string,
  { to, now }: { readonly to?: string; readonly now: Date },
): string | undefined {
  const logs = paths.proxyLogs(name);
  if (!existsSync(logs)) return undefined;
  if (to !== undefined) {
    try {
      renameSync(logs, to);
      return to;
    } catch (error) {
      // `logDir` may lie on another disk; there the logs stay on theirs.
      if (systemErrorCode(error) !== 'EXDEV') throw error;
    }
  }
  const aside = join(paths.logs, 'archive', archivedName(name, now));
  ensurePrivateDir(join(paths.logs, 'archive'));
  renameSync(logs, aside);
  return aside;
}

/** An empty folder is no proxy: the rename that makes one takes its place. */
function isTaken(paths: HomePaths, name: string): boolean {
  try {
    return statSync(paths.proxyDir(name)).isDirectory() && proxyNames(paths).includes(name);
  } catch {
    return false;
  }
}

const exists = (name: string) =>
  new AcpError('proxy_exists', `There is a proxy named "${name}" already.`, {
    fix: `Choose another name, or look at it: mcp-acp proxy show ${name}`,
  });
