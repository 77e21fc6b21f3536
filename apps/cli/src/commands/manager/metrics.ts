import type { CommandSpec } from '../../command-spec.ts';
import { askManager } from '../../live/ask-programs.ts';

export const managerMetrics: CommandSpec = {
  path: ['manager', 'metrics'],
  summary: 'print the figures a Prometheus server would read',
  details: 'Over the socket, so without a token. A Prometheus server reads /metrics with one.',
  examples: ['mcp-acp manager metrics'],
  async run(cli) {
    const { text } = await askManager(cli.paths(), (api) => api.manager.metrics.query());
    return { data: { text }, text: text.trimEnd().split('\n') };
  },
};
