import type { HomePaths } from '@mcp-acp/config/home-paths';
import { policyDigest } from '@mcp-acp/config/policy-history';
import { type ProxyConfig, parseProxyConfig, readProxyConfigText } from '@mcp-acp/config/proxy-config';
import { proxySettings } from '@mcp-acp/config/proxy-settings';
import { valueAt } from '@mcp-acp/config/setting';
import { AcpError, describePosition } from '@mcp-acp/shared/errors';
import type { ChangeBody } from '@mcp-acp/shared/journal-record';
import { canonicalJson, type JsonObject } from '@mcp-acp/shared/json';

/** A proxy's configuration as one start has read it. */
export interface LoadedConfig {
  readonly config: ProxyConfig;
  /** SHA-256 of the file's bytes. */
  readonly version: string;
}

export interface ConfigInForce {
  current(): ProxyConfig;
  /** The version that is in force, as far as a running instance can take it over. */
  version(): string;
  /**
   * Reads the file again. What may change while an instance runs is in force when this returns; the rest waits for its
   * next start. A broken file changes nothing. Returns what to record.
   */
  reload(): readonly ChangeBody[];
  /** What became of the file as it was read last, where not all of it is in force. */
  setAside(): ChangeBody | undefined;
}

/** Throws AcpError: 'proxy_unknown', 'config_invalid', 'format_too_new'. */
export function loadConfig(paths: HomePaths, name: string): LoadedConfig {
  const text = readProxyConfigText(paths, name);
  return { config: parseProxyConfig(text, name, paths.proxyConfig(name)), version: policyDigest(text) };
}

/** Settings a running instance takes over at once. */
const takenAtOnce = (key: string): boolean =>
  key === 'enabled' || key.startsWith('limits.rate.') || key.startsWith('approvals.');

export function createConfigInForce(paths: HomePaths, name: string, loaded: LoadedConfig): ConfigInForce {
  let { config: current, version } = loaded;
  /** What was said last of a file that is not wholly in force, so that it is said once. */
  let setAside: ChangeBody | undefined;

  const aside = (event: 'rejected' | 'held', next: string, more: Partial<ChangeBody>): ChangeBody[] => {
    const isNews = setAside?.event !== event || setAside.version !== next;
    setAside = { type: 'config', event, version: next, previous: version, ...more };
    return isNews ? [setAside] : [];
  };

  const reload = (): readonly ChangeBody[] => {
    let text = '';
    let next: ProxyConfig;
    try {
      text = readProxyConfigText(paths, name);
      next = parseProxyConfig(text, name, paths.proxyConfig(name));
    } catch (error) {
      const problem = error instanceof AcpError ? describePosition(error) : String(error);
      return aside('rejected', policyDigest(text), { problem });
    }
    const nextVersion = policyDigest(text);
    const differs = changedSettings(current, next);
    const changed = differs.filter(takenAtOnce);
    const waiting = differs.filter((key) => !takenAtOnce(key));
    const records: ChangeBody[] = [];
    if (nextVersion !== version && (changed.length > 0 || waiting.length === 0)) {
      records.push({ type: 'config', event: 'loaded', version: nextVersion, previous: version, changed });
      current = withTaken(current, next);
      version = nextVersion;
    }
    if (waiting.length > 0) records.push(...aside('held', nextVersion, { changed: waiting }));
    else setAside = undefined;
    return records;
  };

  return { current: () => current, version: () => version, reload, setAside: () => setAside };
}

/** Names of the settings whose values differ, in the table's order. */
function changedSettings(before: ProxyConfig, after: ProxyConfig): readonly string[] {
  const value = (config: ProxyConfig, key: string): string =>
    canonicalJson(valueAt(config as unknown as JsonObject, key.split('.')) ?? null);
  return proxySettings.settings
    .map(({ key }) => key)
    .filter((key) => value(before, key) !== value(after, key));
}

function withTaken(current: ProxyConfig, { enabled, approvals, limits }: ProxyConfig): ProxyConfig {
  const { rate: _, ...others } = current.limits;
  return {
    ...current,
    enabled,
    approvals,
    limits: limits.rate === undefined ? others : { ...others, rate: limits.rate },
  };
}
