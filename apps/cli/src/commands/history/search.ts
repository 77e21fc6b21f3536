import type { HistoryRecord } from '@mcp-acp/api/ports/history';
import { AcpError } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';
import type { CommandSpec } from '../../command-spec.ts';
import { askManager } from '../../live/ask-programs.ts';
import { table } from '../../output/table.ts';
import { timeRange } from '../../time-range.ts';

const effects = ['allow', 'ask', 'deny'] as const;
const mostLines = 200;

export const historySearch: CommandSpec = {
  path: ['history', 'search'],
  summary: 'search what all proxies recorded, the newest first',
  details:
    'All words must occur in what is indexed of a record: names, methods, reasons. The manager answers it.',
  arguments: [{ name: 'text', description: 'words to look for' }],
  options: [
    { flags: '--proxy <name>', description: 'only this one' },
    { flags: '--tool <name>', description: 'only calls of this tool' },
    { flags: '--method <method>', description: 'only this method' },
    { flags: '--type <type>', description: 'only records of this type' },
    { flags: '--effect <effect>', description: 'only what the policy decided so', choices: effects },
    { flags: '--disposition <disposition>', description: 'only what became so: forwarded, denied, …' },
    { flags: '--since <time>', description: 'from then on: 30s, 10m, 2h, 7d ago, or a date' },
    { flags: '--until <time>', description: 'up to then' },
    { flags: '--limit <number>', description: `at most so many, up to ${mostLines} (default: 50)` },
    { flags: '--cursor <cursor>', description: 'go on where a search before ended' },
  ],
  examples: ['mcp-acp history search --effect deny --since 1d', 'mcp-acp history search write_file --json'],
  async run(cli, input) {
    const given = (name: string): Record<string, string> => {
      const value = input.option(name);
      return value === undefined ? {} : { [name]: value };
    };
    const text = input.argument(0);
    const effect = effects.find((known) => known === input.option('effect'));
    const query = {
      ...(text === undefined ? {} : { text }),
      ...given('proxy'),
      ...given('tool'),
      ...given('method'),
      ...given('type'),
      ...given('disposition'),
      ...given('cursor'),
      ...(effect === undefined ? {} : { effect }),
      ...timeRange(input.option('since'), input.option('until')),
      limit: limitOf(input.option('limit')),
    };
    const page = await askManager(cli.paths(), (api) => api.history.records.query(query));
    return {
      data: page,
      text: page.records.length === 0 ? [] : table(page.records.map(cells)),
      notes: [
        ...(page.records.length === 0 ? ['Nothing fits.'] : []),
        ...(page.cursor === undefined ? [] : [`There is more: --cursor ${page.cursor}`]),
      ],
    };
  },
};

function limitOf(text: string | undefined): number {
  if (text === undefined) return 50;
  const limit = /^[0-9]{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > mostLines)
    throw new AcpError('usage', `--limit takes a number from 1 to ${mostLines}.`);
  return limit;
}

const cells = (record: HistoryRecord): readonly string[] => {
  const { time, proxy, instance, seq, type, event, effect, disposition, status, method, tool, reason } =
    record;
  return [
    time.replace('T', ' ').replace(/Z$/, ''),
    visible(proxy, 64),
    `${instance.replace('inst_', '').slice(0, 6)}:${seq}`,
    type,
    visible(disposition ?? status ?? event ?? '-', 20),
    visible(effect ?? '-', 5),
    [method, tool, reason === undefined ? undefined : `(${reason})`]
      .flatMap((word) => (word === undefined ? [] : [visible(word, 80)]))
      .join(' '),
  ];
};
