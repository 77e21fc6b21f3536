import { isHeader, withoutSecrets } from '@mcp-acp/admin/config-without-secrets';
import { setConfig } from '@mcp-acp/admin/configs';
import { AcpError } from '@mcp-acp/shared/errors';
import { isSecretName } from '@mcp-acp/shared/redaction';
import type { CommandSpec } from '../../command-spec.ts';
import { isSecretHeader } from '../../is-secret-header.ts';
import { safeJson } from '../../output/safe-json.ts';
import { configTarget, restartNote, targetOptions } from './config-target.ts';

export const configSet: CommandSpec = {
  path: ['config', 'set'],
  summary: 'change one setting',
  details:
    'Lists and maps are JSON. One variable or header is set by its own key: backend.env.LANG, backend.headers.X-Team. With --default and no value, the setting goes back to its default.',
  arguments: [
    { name: 'key', description: 'the setting, as config show names it', required: true },
    { name: 'value', description: 'its new value' },
  ],
  options: [...targetOptions, { flags: '--default', description: 'take the setting out of the file' }],
  examples: [
    'mcp-acp config set audit.durability flush --proxy files',
    `mcp-acp config set backend.args '["-y","server"]' --proxy files`,
    'mcp-acp config set --default limits.rate.effect',
  ],
  run(cli, input) {
    const { paths, target } = configTarget(cli, input);
    const key = input.argument(0) ?? '';
    const text = input.argument(1);
    if ((text === undefined) !== input.flag('default')) {
      throw new AcpError('usage', 'Give a value, or --default without one.', {
        fix: `mcp-acp config set ${key} VALUE`,
      });
    }
    const { file, before, after } = setConfig(paths, target, { key, text });
    const [was, is] = [before, after].map((value) =>
      value === undefined ? undefined : withoutSecrets(value, key),
    );
    return {
      data: { file: file.file, key, before: was, after: is, restart: file.settings.restart },
      text: [
        `${key}: ${was === undefined ? 'not set' : safeJson(was)} → ${is === undefined ? 'not set' : safeJson(is)}`,
      ],
      notes: [...(text === undefined ? [] : secretNotes(key)), restartNote(file.settings, key)],
    };
  },
};

function secretNotes(key: string): readonly string[] {
  const name = key.slice(key.lastIndexOf('.') + 1);
  const instead =
    key.startsWith('backend.env.') && isSecretName(name)
      ? 'backend.inheritEnv'
      : isHeader(key) && isSecretHeader(name)
        ? 'backend.inheritHeaders'
        : undefined;
  return instead === undefined
    ? []
    : [
        `warning: this looks like a secret and is stored as it is. ${instead} takes its value from the client.`,
      ];
}
