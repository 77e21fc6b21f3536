import { showConfig } from '@mcp-acp/admin/configs';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { isSecretName, redacted, redactText } from '@mcp-acp/shared/redaction';
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
      setting.value === undefined ? '-' : safeJson(withoutSecrets(setting.value)),
      setting.given ? '' : setting.value === undefined ? 'not set' : 'default',
    ]);
    return {
      data: { file: file.file, settings: withoutSecrets(value) },
      text: [file.file, ...table(rows).map((line) => `  ${line}`)],
    };
  },
};

function withoutSecrets(value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  const shown: Record<string, JsonValue> = {};
  for (const [name, member] of Object.entries(value as JsonObject)) {
    shown[name] = typeof member === 'string' && isSecretName(name) ? redacted : withoutSecrets(member);
  }
  return shown;
}
