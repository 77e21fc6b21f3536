import type { JsonObject, JsonValue } from '@mcp-acp/shared/json';
import { namesUnder, type OnlyWith, type Setting, type SettingsFile } from './setting.ts';

/** The file as a JSON Schema (draft 2020-12), for editors that complete and check while one types. */
export function settingsSchema(file: SettingsFile): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `mcp-acp: ${file.title}`,
    ...objectSchema(file, ''),
  };
}

function objectSchema(file: SettingsFile, prefix: string): JsonObject {
  const properties: Record<string, JsonValue> = {};
  const required: string[] = [];
  for (const name of namesUnder(file, prefix)) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const setting = file.settings.find((candidate) => candidate.key === key);
    if (key === '$schema') properties[name] = { type: 'string' };
    else if (key === 'format')
      properties[name] = { const: file.format, description: "The file format's version." };
    else if (setting !== undefined) properties[name] = settingSchema(setting);
    else properties[name] = objectSchema(file, key);
    if (
      (setting?.required && setting.onlyWith === undefined) ||
      (setting === undefined && needsGroup(file, key))
    )
      required.push(name);
  }
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(required.length === 0 ? {} : { required }),
    ...conditions(file, prefix),
  };
}

/** Which settings of the object there are with which value of the setting beside them that decides. */
function conditions(file: SettingsFile, prefix: string): JsonObject {
  const nameOf = (key: string): string => key.slice(prefix.length + 1);
  const inside = file.settings.filter(
    ({ key, onlyWith }) => onlyWith?.key.startsWith(`${prefix}.`) && !nameOf(key).includes('.'),
  );
  const groups = new Map(inside.map(({ onlyWith }) => [JSON.stringify(onlyWith), onlyWith as OnlyWith]));
  const allOf = [...groups].map(([id, { key, values }]): JsonObject => {
    const members = inside.filter(({ onlyWith }) => JSON.stringify(onlyWith) === id);
    const standard = file.settings.find((setting) => setting.key === key)?.default;
    const decides = nameOf(key);
    const required = members.filter((member) => member.required).map((member) => nameOf(member.key));
    return {
      if: {
        properties: { [decides]: { enum: values } },
        ...(values.some((value) => value === standard) ? {} : { required: [decides] }),
      },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { required },
      else: { properties: Object.fromEntries(members.map((member) => [nameOf(member.key), false])) },
    };
  });
  return allOf.length === 0 ? {} : { allOf };
}

const needsGroup = (file: SettingsFile, key: string): boolean =>
  !file.optionalGroups.includes(key) &&
  file.settings.some((setting) => setting.required && setting.key.startsWith(`${key}.`));

function settingSchema({ type, description, example, ...setting }: Setting): JsonObject {
  return {
    ...typeSchema(type),
    description,
    ...(setting.default === undefined ? {} : { default: setting.default }),
    examples: [example],
  };
}

function typeSchema(type: Setting['type']): JsonObject {
  switch (type.kind) {
    case 'text':
      return { type: 'string' };
    case 'choice':
      return { enum: type.values };
    case 'integer':
      return { type: 'integer', minimum: type.least, maximum: type.most };
    case 'boolean':
      return { type: 'boolean' };
    case 'list':
      return { type: 'array', items: { type: 'string' } };
    case 'map':
      return { type: 'object', additionalProperties: { type: 'string' } };
  }
}
