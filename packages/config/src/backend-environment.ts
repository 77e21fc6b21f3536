import { delimiter, dirname } from 'node:path';
import type { StdioBackend } from './proxy-config.ts';

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
 * Clients give a short PATH, on which a script such as `npx` does not find the Node it is written for: the folder of
 * the Node that runs us is searched last.
 */
function withOwnNode(path: string | undefined): string {
  const own = dirname(process.execPath);
  if (path === undefined || path === '') return own;
  return path.split(delimiter).includes(own) ? path : `${path}${delimiter}${own}`;
}

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
  result.PATH = withOwnNode(result.PATH);
  for (const [name, value] of Object.entries(backend.env)) {
    if (!isOurs(name)) result[name] = value;
  }
  return result;
}
