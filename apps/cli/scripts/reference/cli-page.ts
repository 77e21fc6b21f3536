import { errorTable } from '@mcp-acp/shared/errors';
import type { CommandSpec } from '../../src/command-spec.ts';
import { commands } from '../../src/commands/all.ts';
import { code, markdownTable, page } from './markdown.ts';

export const cliPage = (): string =>
  page(
    'Commands',
    'Results go to stdout, everything said about them to stderr. Colours appear only on a terminal, and not where `NO_COLOR` is set. Without a terminal nothing ever asks; each question has an option, and `--yes` takes the defaults.',
    '`--proxy` may be left out when exactly one proxy exists. With several, the command lists them and ends with exit code 2.',
    '## --json',
    'Every command takes `--json`: stdout is then one JSON document and nothing else. A command that fails prints `{"error": {"code", "message", "fix"?, "position"?}}` on stdout, and the same for people on stderr. `logs tail --json` prints one document a line.',
    '## Exit codes',
    markdownTable(['Code', 'Meaning', 'Errors'], exitRows()),
    '`audit verify`: 0 intact (an end torn off by a crash included), 1 tampered with, 2 unable to verify.',
    '## Environment',
    markdownTable(
      ['Variable', 'Effect'],
      [
        [code('MCP_ACP_HOME'), 'An absolute path instead of `~/.mcp-acp`. It moves everything.'],
        [code('VISUAL'), 'The editor for `policy edit` and `config edit`; then `EDITOR`.'],
        [code('NO_COLOR'), 'No colours.'],
        [code('MCP_ACP_DEBUG'), 'Prints where an internal error happened.'],
      ],
    ),
    ...commands.flatMap(section),
  );

const meanings: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'failed',
  2: 'the command was not understood',
  10: 'the audit log',
  12: 'the identity provider is unreachable',
  13: 'not signed in',
  14: 'the posture of the device',
  15: 'the session is bound to another identity',
  16: 'the configuration',
};

const exitRows = (): readonly (readonly string[])[] =>
  Object.entries(meanings).map(([exit, meaning]) => [
    exit,
    meaning,
    Object.entries(errorTable)
      .filter(([, entry]) => entry.exit === Number(exit) && Number(exit) !== 1)
      .map(([name]) => code(name))
      .join(', '),
  ]);

function section(spec: CommandSpec): readonly string[] {
  const name = spec.path.join(' ');
  const options = [
    ...(spec.options ?? []).map(({ flags, description, choices, repeat }) => [
      code(flags),
      [
        description,
        ...(choices === undefined ? [] : [choices.join(', ')]),
        ...(repeat ? ['may be repeated'] : []),
      ].join('; '),
    ]),
    ...(spec.asks ? [[code('-y, --yes'), 'ask nothing, take the defaults']] : []),
    [code('--json'), 'print the result as JSON'],
  ];
  const words = (spec.arguments ?? []).map((argument) =>
    argument.required ? `<${argument.name}>` : `[${argument.name}]`,
  );
  return [
    `## ${name}`,
    `${spec.summary.charAt(0).toUpperCase()}${spec.summary.slice(1)}.`,
    code(
      ['mcp-acp', name, ...words, '[options]', ...(spec.takesCommandLine ? ['-- COMMAND ARGS…'] : [])].join(
        ' ',
      ),
    ),
    ...(spec.details === undefined ? [] : [spec.details]),
    ...(spec.arguments === undefined
      ? []
      : [
          markdownTable(
            ['Argument', ''],
            spec.arguments.map((argument) => [code(argument.name), argument.description]),
          ),
        ]),
    markdownTable(['Option', ''], options),
    ['```sh', ...spec.examples, '```'].join('\n'),
  ];
}
