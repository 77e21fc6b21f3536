import { findRecord, type LogEntry } from '@mcp-acp/admin/read-logs';
import { AcpError } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { safeJson } from '../../output/safe-json.ts';
import { recordId } from './log-line.ts';

export const logsShow: CommandSpec = {
  path: ['logs', 'show'],
  summary: 'show everything about one record',
  arguments: [{ name: 'record', description: 'as logs list names it: abcdef:12', required: true }],
  options: [proxyOption],
  examples: ['mcp-acp logs show abcdef:12 --proxy files'],
  async run(cli, input) {
    const name = chooseProxy(cli.paths(), input.option('proxy'));
    const wanted = input.argument(0) ?? '';
    const parts = /^(?:(?:inst_)?([a-z2-7]{1,16}):)?([0-9]{1,15})$/.exec(wanted);
    if (parts === null) {
      throw new AcpError('usage', `"${wanted}" does not name a record.`, {
        fix: 'Use the name that logs list shows, such as abcdef:12.',
      });
    }
    const found = await findRecord(cli.paths(), name, { instance: parts[1] ?? '', seq: Number(parts[2]) });
    const [entry, ...others] = found;
    if (entry === undefined) {
      throw new AcpError('usage', `"${name}" has no record ${wanted}.`, { fix: 'See: mcp-acp logs list' });
    }
    if (others.length > 0) {
      throw new AcpError('usage', `${found.length} records have that name.`, {
        fix: `One of: ${found.map(({ record }) => recordId(record)).join(', ')}`,
      });
    }
    return { data: { proxy: name, ...entry }, text: lines(entry) };
  },
};

const lines = ({ record, outcome, payload }: LogEntry): readonly string[] => [
  ...members(record),
  ...(outcome === undefined ? [] : ['', 'outcome', ...members(outcome)]),
  ...(payload === undefined ? [] : ['', 'arguments, redacted', `  ${visible(payload, 100_000)}`]),
];

const members = (record: object): readonly string[] =>
  Object.entries(record).map(
    ([key, value]) =>
      `  ${visible(key, 32).padEnd(16)} ${typeof value === 'string' ? visible(value, 2_000) : safeJson(value)}`,
  );
