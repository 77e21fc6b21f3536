import { existsSync } from 'node:fs';
import { ensurePrivateDir } from '@mcp-acp/config/private-dir';
import type { CommandSpec } from '../command-spec.ts';

export const init: CommandSpec = {
  path: ['init'],
  summary: 'make the home folder and check it',
  details:
    'Nothing needs this first: every command makes what it needs. It shows where things are and that they are private.',
  examples: ['mcp-acp init', 'MCP_ACP_HOME=/srv/acp mcp-acp init'],
  run(cli) {
    const paths = cli.paths();
    const folders = [paths.home, paths.proxies, paths.logs, paths.run, paths.incidentsDir].map((path) => {
      const made = !existsSync(path);
      ensurePrivateDir(path);
      return { path, made };
    });
    return {
      data: { home: paths.home, folders },
      text: [
        ...folders.map(({ path, made }) => `${made ? 'made  ' : 'exists'}  ${path}`),
        '',
        'Next: mcp-acp proxy add NAME -- COMMAND ARGS…',
      ],
    };
  },
};
