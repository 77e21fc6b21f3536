import type { LogEntry } from '@mcp-acp/admin/read-logs';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { safeJson } from '../../output/safe-json.ts';
import { namedRecord } from './named-record.ts';

export const logsShow: CommandSpec = {
  path: ['logs', 'show'],
  summary: 'show everything about one record',
  arguments: [{ name: 'record', description: 'as logs list names it: abcdef:12', required: true }],
  options: [proxyOption],
  examples: ['mcp-acp logs show abcdef:12 --proxy files'],
  async run(cli, input) {
    const name = chooseProxy(cli.paths(), input.option('proxy'));
    const entry = await namedRecord(cli.paths(), name, input.argument(0) ?? '');
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
