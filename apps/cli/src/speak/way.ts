import { backendEnvironment } from '@mcp-acp/config/backend-environment';
import { backendHeaders } from '@mcp-acp/config/backend-headers';
import type { Backend, HttpBackend } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';
import type { Cli } from '../cli.ts';

/** How an MCP server is reached. */
export type Way = ChildWay | UrlWay;

export interface ChildWay {
  readonly kind: 'child';
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take to end by itself once nobody speaks to it any more. Milliseconds. */
  readonly ownEndMs: number;
}

export interface UrlWay {
  readonly kind: 'url';
  readonly backend: HttpBackend;
  readonly headers: Readonly<Record<string, string>>;
}

/** Straight to a backend, as its proxy would go. Throws AcpError('config_invalid') where a header has no value. */
export function wayToBackend(backend: Backend, env: NodeJS.ProcessEnv): Way {
  if (backend.transport !== 'stdio') return { kind: 'url', backend, headers: headersHere(backend, env) };
  const { command, args, cwd } = backend;
  return {
    kind: 'child',
    command,
    args,
    ...(cwd === undefined ? {} : { cwd }),
    env: backendEnvironment(backend, env),
    ownEndMs: 1_000,
  };
}

/** What is missing here is missing in the shell; the hint for a proxy speaks of its client. */
function headersHere(backend: HttpBackend, env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  try {
    return backendHeaders(backend, env);
  } catch (error) {
    if (!(error instanceof AcpError)) throw error;
    throw new AcpError(error.code, error.message, {
      fix: 'Set it in this shell; the proxy gets it from the client.',
    });
  }
}

/** Through a proxy, started as clients start it. It ends only after its backend has. */
export const wayToProxy = (cli: Cli, name: string): Way => ({
  kind: 'child',
  command: process.execPath,
  args: [cli.bin, 'start', '--proxy', name, '--headless'],
  env: Object.fromEntries(
    Object.entries(cli.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  ),
  ownEndMs: 15_000,
});
