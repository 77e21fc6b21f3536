import { AcpError } from '@mcp-acp/shared/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { checkValue, onlyWithText } from './check-settings.ts';
import { didYouMean } from './did-you-mean.ts';
import { applies, decidingValue, type Setting, type SettingsFile, valueAt } from './setting.ts';

/** One value to set or, with `undefined`, to take back to its default. */
export interface SettingChange {
  readonly key: string;
  /** As a person types it. Lists and maps are JSON; one entry of a map is set by its own key, `backend.env.LANG`. */
  readonly text: string | undefined;
}

/** The setting a typed key names and, for an entry of a map, which entry. Throws AcpError('usage'). */
export function findSetting(
  kind: SettingsFile,
  key: string,
): { readonly setting: Setting; readonly entry?: string } {
  const setting = kind.settings.find((known) => known.key === key);
  if (setting !== undefined) return { setting };
  const map = kind.settings.find((known) => known.type.kind === 'map' && key.startsWith(`${known.key}.`));
  if (map !== undefined) return { setting: map, entry: key.slice(map.key.length + 1) };
  const keys = kind.settings.map((known) => known.key);
  const group = keys.filter((known) => known.startsWith(`${key}.`));
  const near = group.length > 0 ? undefined : (didYouMean(key, keys) ?? lastNameMatch(key, keys));
  const fix =
    group.length > 0
      ? `It holds ${group.join(', ')}.`
      : near === undefined
        ? `Known: ${keys.join(', ')}.`
        : `Did you mean "${near}"?`;
  throw new AcpError('usage', `There is no setting "${key}".`, { fix });
}

const lastNameMatch = (key: string, keys: readonly string[]): string | undefined =>
  keys.find((known) => known.endsWith(`.${key.split('.').at(-1)}`));

/**
 * The file's value with one setting changed; the order of what is there is kept. The result may still be wrong as a
 * whole and must be checked. Throws AcpError('usage') for a value the setting cannot have.
 */
export function changeSetting(kind: SettingsFile, value: JsonObject, change: SettingChange): JsonObject {
  if (change.text === undefined && kind.optionalGroups.includes(change.key)) {
    return put(value, change.key.split('.'), undefined);
  }
  const { setting, entry } = findSetting(kind, change.key);
  if (setting.fixed) {
    throw new AcpError('usage', `"${setting.key}" is set once, when the proxy is made.`);
  }
  if (change.text !== undefined && setting.onlyWith !== undefined && !applies(kind, setting, value)) {
    const { onlyWith } = setting;
    throw new AcpError(
      'usage',
      `"${setting.key}" exists only with ${onlyWithText(onlyWith)}; here it is ${JSON.stringify(decidingValue(kind, onlyWith, value))}.`,
      { fix: 'Settings that hang together are changed at once: mcp-acp config edit' },
    );
  }
  const path = setting.key.split('.');
  if (entry !== undefined) {
    const map = valueAt(value, path);
    const entries = { ...(map !== undefined && isJsonObject(map) ? map : {}) };
    if (change.text === undefined) delete entries[entry];
    else entries[entry] = change.text;
    return put(value, path, checked(setting, entries));
  }
  return put(
    value,
    path,
    change.text === undefined ? undefined : checked(setting, typed(setting, change.text)),
  );
}

/**
 * The file's value with one setting put to a value of its type, or with `undefined` taken back to its default. As
 * {@link changeSetting}, the result must be checked as a whole. Throws AcpError('usage').
 */
export function putSetting(
  kind: SettingsFile,
  value: JsonObject,
  { key, to }: { readonly key: string; readonly to: JsonValue | undefined },
): JsonObject {
  const setting = kind.settings.find((known) => known.key === key);
  if (setting === undefined || setting.fixed || !applies(kind, setting, value)) {
    throw new AcpError('usage', `"${key}" is no setting that can be changed here.`);
  }
  return put(value, key.split('.'), to === undefined ? undefined : checked(setting, to));
}

/** The file's text: two spaces, a newline at the end. */
export const formatSettings = (value: JsonObject): string => `${JSON.stringify(value, null, 2)}\n`;

function checked(setting: Setting, value: JsonValue): JsonValue {
  const problem = checkValue(setting, value)[0];
  if (problem === undefined) return value;
  throw new AcpError('usage', problem.message, problem.fix === undefined ? {} : { fix: problem.fix });
}

function typed(setting: Setting, text: string): JsonValue {
  switch (setting.type.kind) {
    case 'text':
    case 'choice':
      return text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'integer':
      return /^-?[0-9]{1,15}$/.test(text) ? Number(text) : text;
    case 'list':
    case 'map':
      try {
        return JSON.parse(text) as JsonValue;
      } catch {
        throw new AcpError('usage', `"${setting.key}" takes JSON: ${setting.type.says}.`, {
          fix: `For example: '${JSON.stringify(setting.example)}'`,
        });
      }
  }
}

function put(object: JsonObject, path: readonly string[], value: JsonValue | undefined): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined) return object;
  const copy: Record<string, JsonValue> = { ...object };
  if (rest.length > 0) {
    const inner = copy[name];
    const changed = put(inner !== undefined && isJsonObject(inner) ? inner : {}, rest, value);
    // An object emptied by taking its last setting back goes with it: what is left means the same.
    if (value === undefined && Object.keys(changed).length === 0) delete copy[name];
    else copy[name] = changed;
  } else if (value === undefined) delete copy[name];
  else copy[name] = value;
  return copy;
}
