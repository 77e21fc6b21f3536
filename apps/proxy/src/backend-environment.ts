import type { StdioBackend } from '@mcp-acp/config/proxy-config';

/** What a program needs to find its files and speak the user's language, and nothing that holds a credential. */
const defaultNames = [
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'LOGNAME',
  'PATH',
  'SHELL',
  'TERM',
  'TMPDIR',
  'TZ',
  'USER',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
  'XDG_STATE_HOME',
];

/** Our own variables never reach a backend. */
const isOurs = (name: string): boolean => name.startsWith('MCP_ACP_');

/**
 * The whole environment of a backend: a short default, the variables its configuration names, whose values come from
 * the proxy's environment, and those it sets.
 */
export function backendEnvironment(
  backend: StdioBackend,
  env: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const name of [...defaultNames, ...backend.inheritEnv]) {
    const value = env[name];
    if (value !== undefined && !isOurs(name)) result[name] = value;
  }
  for (const [name, value] of Object.entries(backend.env)) {
    if (!isOurs(name)) result[name] = value;
  }
  return result;
}
