import type { LogFilter } from '@mcp-acp/admin/read-logs';
import { AcpError } from '@mcp-acp/shared/errors';
import type { RecordType } from '@mcp-acp/shared/journal-record';
import type { Input, OptionSpec } from '../../command-spec.ts';
import { timeRange } from '../../time-range.ts';

const recordTypes: readonly RecordType[] = [
  'decision',
  'outcome',
  'approval',
  'session',
  'config',
  'policy',
  'tool',
  'recovered',
  'incident',
];

const decisions = [
  'allow',
  'ask',
  'deny',
  'forwarded',
  'observed',
  'denied',
  'unanswered',
  'cancelled',
  'limited',
  'malformed',
  'failed',
];

export const filterOptions: readonly OptionSpec[] = [
  { flags: '--type <type>', description: 'only records of this type', repeat: true },
  { flags: '--since <time>', description: 'from then on: 30s, 10m, 2h, 7d ago, or a date' },
  { flags: '--until <time>', description: 'up to then' },
  { flags: '--tool <name>', description: 'only calls of this tool' },
  {
    flags: '--decision <decision>',
    description: 'only what the policy decided so, or what became so',
    choices: decisions,
  },
  { flags: '--text <text>', description: 'only what holds this text, arguments included' },
  { flags: '--limit <number>', description: 'at most so many, the newest (default: 50)' },
];

/** Throws AcpError('usage'). */
export function logFilter(input: Input, standardLimit: number): LogFilter {
  const types = input.list('type');
  const wrong = types.find((type) => !recordTypes.includes(type as RecordType));
  if (wrong !== undefined) {
    throw new AcpError('usage', `There are no records of type "${wrong}".`, {
      fix: `Types: ${recordTypes.join(', ')}.`,
    });
  }
  const limit = input.option('limit');
  if (limit !== undefined && !/^[0-9]{1,7}$/.test(limit)) {
    throw new AcpError('usage', `--limit takes a whole number, not "${limit}".`);
  }
  const [tool, decision, text] = [input.option('tool'), input.option('decision'), input.option('text')];
  return {
    ...(types.length === 0 ? {} : { types: types as readonly RecordType[] }),
    ...timeRange(input.option('since'), input.option('until')),
    ...(tool === undefined ? {} : { tool }),
    ...(decision === undefined ? {} : { decision }),
    ...(text === undefined ? {} : { text }),
    limit: limit === undefined ? standardLimit : Number(limit),
  };
}
