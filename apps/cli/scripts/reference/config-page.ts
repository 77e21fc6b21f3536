import { managerSettings } from '@mcp-acp/config/manager-settings';
import { proxySettings } from '@mcp-acp/config/proxy-settings';
import type { Setting, SettingsFile } from '@mcp-acp/config/setting';
import { code, markdownTable, page } from './markdown.ts';

export const configPage = (): string =>
  page(
    'Settings',
    "Both files are strict JSON: unknown names, wrong types and values out of range are errors with line and column. `format` is the version of the file's format; a file of a newer version is refused. Everything else that is left out has its default.",
    "Change them with `mcp-acp config set`, `mcp-acp config edit` or any editor, and check them with `mcp-acp config validate`. For completion in an editor put the schema's path under `$schema`.",
    '## proxies/NAME/config.json',
    'Read when a proxy starts: restart the client after a change, except where it says otherwise. Schema: [config.schema.json](config.schema.json).',
    settingsTable(proxySettings),
    '## manager.json',
    'Read when the manager starts, except where it says otherwise. A file that does not exist means every default. Schema: [manager.schema.json](manager.schema.json).',
    settingsTable(managerSettings),
  );

const settingsTable = (file: SettingsFile): string =>
  markdownTable(
    ['Setting', 'Value', 'Default', 'Meaning'],
    file.settings.map((setting) => [
      code(setting.key),
      valueText(setting.type),
      defaultText(setting),
      meaning(setting),
    ]),
  );

const meaning = ({ description, onlyWith, takesEffect }: Setting): string =>
  [
    description,
    ...(onlyWith === undefined
      ? []
      : [`Only where ${code(onlyWith.key)} is ${onlyWith.values.map(code).join(' or ')}.`]),
    ...(takesEffect === undefined ? [] : [takesEffect]),
  ].join(' ');

function valueText(type: Setting['type']): string {
  switch (type.kind) {
    case 'boolean':
      return '`true` or `false`';
    case 'choice':
      return type.values.map((value) => code(`"${value}"`)).join(' or ');
    case 'integer':
      return `${type.least} to ${type.most}${type.unit === undefined ? '' : ` ${type.unit}`}`;
    default:
      return type.says;
  }
}

const defaultText = (setting: Setting): string =>
  setting.required
    ? 'must be given'
    : setting.default === undefined
      ? '–'
      : code(JSON.stringify(setting.default));
