import { readConfig } from '@mcp-acp/admin/configs';
import type { CommandSpec } from '../../command-spec.ts';
import { configTarget, targetOptions } from './config-target.ts';

export const configPath: CommandSpec = {
  path: ['config', 'path'],
  summary: 'print where the file is',
  options: targetOptions,
  examples: ['mcp-acp config path --manager'],
  run(cli, input) {
    const { paths, target } = configTarget(cli, input);
    const { file } = readConfig(paths, target);
    return { data: { file }, text: [file] };
  },
};
