import { type ClientProgram, clientEntry, clientSnippet, snippetNotes } from '@mcp-acp/admin/client-snippet';
import { clientVariables } from '@mcp-acp/admin/shown-backend';
import type { Snippet } from '@mcp-acp/api/ports/proxies';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { isLaunchPending } from '@mcp-acp/config/pending-launch';
import { type ProxyConfig, proxyNames, readProxyConfig } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';

/** What goes into a client's settings, for one proxy or for all whose configuration can be read. */
export function snippetOf(
  { paths, program }: { readonly paths: HomePaths; readonly program: ClientProgram },
  proxy: string | undefined,
): Snippet {
  const configs = new Map<string, ProxyConfig>();
  const broken: string[] = [];
  for (const name of proxy === undefined ? proxyNames(paths) : [proxy]) {
    try {
      configs.set(name, readProxyConfig(paths, name));
    } catch (error) {
      if (proxy !== undefined || !(error instanceof AcpError)) throw error;
      broken.push(name);
    }
  }
  const entries = [...configs].map(([name, config]) => [name, clientEntry(program, name, config)] as const);
  const blanks = new Set(
    [...configs.values()].flatMap(({ backend }) => clientVariables(backend).map(({ name }) => name)),
  );
  return {
    json: JSON.stringify(clientSnippet(Object.fromEntries(entries)), null, 2),
    notes: [
      ...(blanks.size === 0 ? [] : [`Fill in: ${[...blanks].join(', ')}.`]),
      ...[...configs.keys()]
        .filter((name) => isLaunchPending(paths, name))
        .map((name) => `"${name}" starts nothing until that is confirmed: mcp-acp proxy trust ${name}`),
      ...broken.map((name) => `"${name}" is left out: its configuration cannot be read.`),
      ...snippetNotes(program),
    ],
  };
}
