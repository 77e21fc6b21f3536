import { readdirSync, readFileSync } from 'node:fs';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import type { ProxyId } from '@mcp-acp/shared/ids';
import type { JsonObject } from '@mcp-acp/shared/json';
import { proxyNameProblem } from '@mcp-acp/shared/proxy-name';
import { didYouMean } from './did-you-mean.ts';
import type { HomePaths } from './home-paths.ts';
import { proxySettings } from './proxy-settings.ts';
import { parseSettings, withDefaults } from './read-settings.ts';

/** `config.json` of a proxy, every default filled in. */
export interface ProxyConfig {
  readonly format: 1;
  readonly id: ProxyId;
  /** False: switched off, so nothing is started and every request is refused. */
  readonly enabled: boolean;
  readonly backend: Backend;
  readonly approvals: ApprovalSettings;
  readonly limits: LimitSettings;
  readonly logLevel: 'info' | 'debug';
  readonly audit: AuditSettings;
}

/** Discriminated on `transport`. */
export type Backend = StdioBackend | HttpBackend;

export interface StdioBackend {
  readonly id: string;
  readonly transport: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables whose values come from the proxy's own environment. */
  readonly inheritEnv: readonly string[];
  /** Longest silence on a call before it is answered as timed out; 0 waits for ever. */
  readonly callIdleMs: number;
}

export interface HttpBackend {
  readonly id: string;
  /**
   * `http`: Streamable HTTP, with the older HTTP+SSE where the server answers the first POST with 400, 404 or 405 and
   * offers that; `sse`: HTTP+SSE at once.
   */
  readonly transport: 'http' | 'sse';
  /** http or https, without user info and fragment. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Names of headers whose values come from the proxy's own environment. */
  readonly inheritHeaders: readonly string[];
  readonly connectMs: number;
  /** Until a reply begins; 0 waits for ever. */
  readonly firstByteMs: number;
  /** Longest silence inside a reply, of which comments are no part; 0 waits for ever. */
  readonly idleMs: number;
  /** Further attempts to connect. */
  readonly connectRetries: number;
  /** Calls that run at once, each on a connection of its own. */
  readonly maxConnections: number;
}

/** Of a question to a person. Milliseconds. */
export interface ApprovalSettings {
  /** How long its call waits. */
  readonly holdMs: number;
  /** How long it can still be answered after that. */
  readonly openMs: number;
}

export interface LimitSettings {
  readonly messageBytes: number;
  readonly rate?: { readonly calls: number; readonly perMs: number; readonly effect: 'ask' | 'deny' };
}

export interface AuditSettings {
  readonly durability: 'sync' | 'flush';
  readonly payloads: 'arguments' | 'full' | 'none';
}

/**
 * Reads a proxy's configuration. Throws AcpError: 'proxy_unknown' when there is no such proxy, 'config_invalid' with
 * file, line and column, 'format_too_new'.
 */
export function readProxyConfig(paths: HomePaths, name: string): ProxyConfig {
  return parseProxyConfig(readProxyConfigText(paths, name), name, paths.proxyConfig(name));
}

/** The file as it is. Throws AcpError('proxy_unknown') or AcpError('config_invalid'). */
export function readProxyConfigText(paths: HomePaths, name: string): string {
  const problem = proxyNameProblem(name);
  if (problem !== undefined) throw new AcpError('proxy_unknown', problem);
  const file = paths.proxyConfig(name);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') throw unknownProxy(paths, name);
    throw new AcpError('config_invalid', `${file} cannot be read (${systemErrorCode(error)}).`, {
      cause: error,
    });
  }
}

/** The configuration in `text`; `file` is named in errors. Throws AcpError('config_invalid' | 'format_too_new'). */
export function parseProxyConfig(text: string, name: string, file: string): ProxyConfig {
  return proxyConfigOf(parseSettings(proxySettings, text, file), name);
}

function proxyConfigOf(checked: JsonObject, name: string): ProxyConfig {
  const { backend, ...rest } = withDefaults(proxySettings, checked);
  // The table has checked every member, and a test holds the table and the interface together.
  return { ...rest, backend: { id: name, ...(backend as JsonObject) } } as unknown as ProxyConfig;
}

/** A backend as a configuration that gives no more than this would have it, every default filled in. */
export function resolveBackend(name: string, given: Partial<Backend>): Backend {
  const config = { format: 1, id: 'px_aaaaaaaaaaaaaaaa', backend: given };
  return parseProxyConfig(JSON.stringify(config), name, 'config.json').backend;
}

/** Names of the configured proxies, sorted. A folder without a config.json is not one. */
export function proxyNames(paths: HomePaths): readonly string[] {
  let entries: string[];
  try {
    entries = readdirSync(paths.proxies);
  } catch {
    return [];
  }
  return entries.filter((name) => proxyNameProblem(name) === undefined && hasConfig(paths, name)).sort();
}

function hasConfig(paths: HomePaths, name: string): boolean {
  try {
    return readdirSync(paths.proxyDir(name)).includes('config.json');
  } catch {
    return false;
  }
}

function unknownProxy(paths: HomePaths, name: string): AcpError {
  const names = proxyNames(paths);
  const near = didYouMean(name, names);
  const fix =
    near !== undefined
      ? `Did you mean "${near}"?`
      : names.length > 0
        ? `There is: ${names.slice(0, 20).join(', ')}.`
        : `Add one: mcp-acp proxy add ${name} -- COMMAND ARGS…`;
  return new AcpError('proxy_unknown', `There is no proxy named "${name}".`, { fix });
}
