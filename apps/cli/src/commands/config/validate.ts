import { readConfig, validateConfig } from '@mcp-acp/admin/configs';
import { visible } from '@mcp-acp/shared/visible';
import type { CommandSpec } from '../../command-spec.ts';
import { configTarget, targetOptions } from './config-target.ts';

export const configValidate: CommandSpec = {
  path: ['config', 'validate'],
  summary: 'say what is wrong with a settings file',
  details: 'Exit code 0 when it can be used, 16 when not.',
  options: targetOptions,
  examples: ['mcp-acp config validate --proxy files'],
  run(cli, input) {
    const { paths, target } = configTarget(cli, input);
    const file = readConfig(paths, target);
    const check = validateConfig(file);
    const problems = check.ok ? [] : check.problems;
    return {
      data: { file: file.file, ok: check.ok, problems },
      text: check.ok
        ? [`${file.file}: ${cli.style.green('ok')}`]
        : problems.map(
            ({ message, fix, position }) =>
              `${visible(position.file, 500)}:${position.line}:${position.column}: ${visible(message, 1000)}${fix === undefined ? '' : ` ${visible(fix, 1000)}`}`,
          ),
      exit: check.ok ? 0 : 16,
    };
  },
};
