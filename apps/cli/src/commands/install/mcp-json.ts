import { clientEntry, clientSnippet, snippetNotes } from '@mcp-acp/admin/client-snippet';
import { clientVariables } from '@mcp-acp/admin/shown-backend';
import { type ProxyConfig, readProxyConfig } from '@mcp-acp/config/proxy-config';
import { chooseProxies, noProxy } from '../../choose-proxy.ts';
import { clientProgram } from '../../client-program.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';

export const installMcpJson: CommandSpec = {
  path: ['install', 'mcp-json'],
  summary: "print the entry for a client's mcp.json",
  details: 'stdout is JSON and nothing else, with or without --json, so it can be written to a file.',
  options: [{ ...proxyOption, description: 'only this one; all of them where it is left out' }],
  examples: ['mcp-acp install mcp-json --proxy files', 'mcp-acp install mcp-json > .mcp.json'],
  run(cli, input) {
    const paths = cli.paths();
    const names = chooseProxies(paths, input.option('proxy'));
    if (names.length === 0) throw noProxy();
    const configs = names.map((name): [string, ProxyConfig] => [name, readProxyConfig(paths, name)]);
    const snippet = clientSnippet(
      Object.fromEntries(
        configs.map(([name, config]) => [name, clientEntry(clientProgram(cli), name, config)]),
      ),
    );
    const blanks = configs.flatMap(([, config]) =>
      clientVariables(config.backend).map((variable) => variable.name),
    );
    return {
      data: snippet,
      text: [JSON.stringify(snippet, null, 2)],
      notes: [
        ...(blanks.length === 0 ? [] : [`Fill in: ${[...new Set(blanks)].join(', ')}.`]),
        ...snippetNotes(clientProgram(cli)),
      ],
    };
  },
};
