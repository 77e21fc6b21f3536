import { type LatencySummary, latencyStatistics } from '@mcp-acp/admin/latency';
import { chooseProxies } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { table } from '../../output/table.ts';
import { timeRange } from '../../time-range.ts';

export const statsLatency: CommandSpec = {
  path: ['stats', 'latency'],
  summary: 'how long deciding, backends and people took',
  details: 'From the journals: number, median, 95th percentile and standard deviation, in milliseconds.',
  options: [
    { ...proxyOption, description: 'only this one; all of them where it is left out' },
    { flags: '--since <time>', description: 'from then on: 30s, 10m, 2h, 7d ago, or a date' },
    { flags: '--until <time>', description: 'up to then' },
  ],
  examples: ['mcp-acp stats latency --since 1d', 'mcp-acp stats latency --proxy files --json'],
  async run(cli, input) {
    const paths = cli.paths();
    const names = chooseProxies(paths, input.option('proxy'));
    const range = timeRange(input.option('since'), input.option('until'));
    const { cut, ...statistics } = await latencyStatistics(paths, names, range);
    const row = (label: string, { n, median, p95, sigma }: LatencySummary) => [
      label,
      String(n),
      ...[median, p95, sigma].map((value) => (value === undefined ? '-' : milliseconds(value))),
    ];
    return {
      data: { proxies: names, unit: 'ms', ...statistics, cut },
      text: table([
        ['', 'n', 'median', 'p95', 'σ'],
        row('policy evaluation', statistics.evaluation),
        row('backend', statistics.backend),
        row('human wait', statistics.humanWait),
      ]),
      notes: cut ? ['Only the newest million measurements of each kind were counted.'] : [],
    };
  },
};

const milliseconds = (value: number) => `${value < 10 ? value.toFixed(3) : value.toFixed(1)} ms`;
