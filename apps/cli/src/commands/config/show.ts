import { withoutSecrets } from '@mcp-acp/admin/config-without-secrets';
import { showConfig } from '@mcp-acp/admin/configs';
import type { CommandSpec } from '../../command-spec.ts';
import { safeJson } from '../../output/safe-json.ts';
import { table } from '../../output/table.ts';
import { configTarget, targetOptions } from './config-target.ts';

export const configShow: CommandSpec = {
  path: ['config', 'show'],
  summary: 'print every setting, defaults included',
  details: 'Values that look like secrets are not shown; they are in the file.',
  options: targetOptions,
  examples: ['mcp-acp config show --proxy files', 'mcp-acp config show --manager --json'],
  run(cli, input) {
    const { paths, target } = configTarget(cli, input);
    const { file, value, settings } = showConfig(paths, target);
    const rows = settings.map((setting) => [
      setting.key,
      setting.value === undefined ? '-' : safeJson(withoutSecrets(setting.value, setting.key)),
      setting.given ? '' : setting.value === undefined ? 'not set' : 'default',
    ]);
    return {
      data: { file: file.file, settings: withoutSecrets(value) },
      text: [file.file, ...table(rows).map((line) => `  ${line}`)],
    };
  },
};
