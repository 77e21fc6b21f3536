import { listProxies } from '@mcp-acp/admin/proxies';
import type { CommandSpec } from '../../command-spec.ts';
import { problemOf } from '../../output/problem.ts';
import { table } from '../../output/table.ts';
import { backendText, shownBackend } from '../../shown-backend.ts';

export const proxyList: CommandSpec = {
  path: ['proxy', 'list'],
  summary: 'list the proxies',
  examples: ['mcp-acp proxy list', 'mcp-acp proxy list --json'],
  run(cli) {
    const proxies = listProxies(cli.paths());
    const rows = proxies.map((proxy) => [
      proxy.name,
      proxy.live === 0 ? '-' : `${proxy.live} running`,
      'config' in proxy ? backendText(proxy.config.backend) : 'broken: mcp-acp config validate',
    ]);
    return {
      data: {
        proxies: proxies.map((proxy) => {
          if ('config' in proxy) {
            const { id, backend } = proxy.config;
            return { name: proxy.name, id, running: proxy.live, backend: shownBackend(backend) };
          }
          const { exit: _, ...problem } = problemOf(proxy.problem);
          return { name: proxy.name, running: proxy.live, problem };
        }),
      },
      text: rows.length === 0 ? [] : table([['NAME', 'STATE', 'BACKEND'], ...rows]),
      notes:
        rows.length === 0 ? ['There is no proxy yet. Add one: mcp-acp proxy add NAME -- COMMAND ARGS…'] : [],
    };
  },
};
