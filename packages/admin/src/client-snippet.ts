import { join } from 'node:path';
import type { ProxyConfig } from '@mcp-acp/config/proxy-config';
import { clientVariables } from './shown-backend.ts';

/** One entry of a client's `mcpServers`. */
export interface ClientEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a client is to start. */
export interface ClientProgram {
  /** Absolute path of our own program. */
  readonly bin: string;
  /** The installation's folder where it is not the usual one. */
  readonly home?: string;
}

/**
 * How a client starts a proxy: with absolute paths, since clients do not have the shell's PATH; with the home where it
 * is not the usual one; with a place for each value that the backend gets from the client.
 */
export function clientEntry(
  { bin, home }: ClientProgram,
  name: string,
  config: ProxyConfig | undefined,
): ClientEntry {
  const env: Record<string, string> = {};
  if (home !== undefined) env.MCP_ACP_HOME = home;
  for (const variable of config === undefined ? [] : clientVariables(config.backend)) {
    env[variable.name] = `<${variable.meaning}>`;
  }
  return {
    command: process.execPath,
    args: [bin, 'start', '--proxy', name],
    ...(Object.keys(env).length === 0 ? {} : { env }),
  };
}

export const clientSnippet = (entries: Readonly<Record<string, ClientEntry>>) => ({ mcpServers: entries });

/** A warning where the program lies in a folder that will not last. */
export function snippetNotes({ bin }: ClientProgram): readonly string[] {
  return bin.includes(`${join('/', '_npx')}/`)
    ? [
        'warning: this copy of mcp-acp lies in the cache of npx and may be removed. Install it (npm install -g mcp-acp)',
        '  and print the entry again: mcp-acp install mcp-json',
      ]
    : [];
}
