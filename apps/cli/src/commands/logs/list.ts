import { readLogs } from '@mcp-acp/admin/read-logs';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { filterOptions, logFilter } from './log-filter.ts';
import { logLine } from './log-line.ts';

export const logsList: CommandSpec = {
  path: ['logs', 'list'],
  summary: 'list what was asked, decided and done, the newest last',
  options: [proxyOption, ...filterOptions],
  examples: [
    'mcp-acp logs list --since 1h --decision deny',
    'mcp-acp logs list --proxy files --tool write_file --json',
  ],
  async run(cli, input) {
    const name = chooseProxy(cli.paths(), input.option('proxy'));
    const filter = logFilter(input, 50);
    const entries = [...(await readLogs(cli.paths(), name, filter))].reverse();
    return {
      data: { proxy: name, entries },
      text: entries.map((entry) => logLine(entry, cli.style)),
      notes: entries.length === 0 ? ['Nothing is recorded that fits.'] : [],
    };
  },
};
