import { passes, readLogs } from '@mcp-acp/admin/read-logs';
import { followRecords } from '@mcp-acp/audit/follow-records';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { filterOptions, logFilter } from './log-filter.ts';
import { logLine } from './log-line.ts';

export const logsTail: CommandSpec = {
  path: ['logs', 'tail'],
  summary: 'show records as they are written, until Ctrl-C',
  details: 'With --json, one JSON document a line.',
  options: [proxyOption, ...filterOptions],
  examples: ['mcp-acp logs tail', 'mcp-acp logs tail --decision deny --json'],
  async run(cli, input) {
    const paths = cli.paths();
    const name = chooseProxy(paths, input.option('proxy'));
    const filter = logFilter(input, 10);
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
    for (const entry of [...(await readLogs(paths, name, filter))].reverse()) {
      if (cli.json) cli.printer.jsonLine(entry);
      else cli.printer.result([logLine(entry, cli.style)]);
    }
    for await (const record of followRecords(paths.auditDir(name), { signal: stop.signal })) {
      if (!passes(record, filter)) continue;
      if (cli.json) cli.printer.jsonLine({ record });
      else cli.printer.result([logLine({ record }, cli.style)]);
    }
    return { data: undefined, text: [] };
  },
};
