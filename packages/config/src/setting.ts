import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import type { JsonPath } from './json-places.ts';

/** What a setting's value may be. `says` completes the sentence "… must be …". */
export type SettingType =
  | { readonly kind: 'text'; readonly says: string; readonly problem?: (text: string) => string | undefined }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'integer'; readonly least: number; readonly most: number; readonly unit?: string }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'list'; readonly says: string; readonly problem?: (item: string) => string | undefined }
  | {
      readonly kind: 'map';
      readonly says: string;
      readonly problem?: (name: string, value: string) => string | undefined;
    };

/**
 * One row of the table that drives the reader, the writer, `config show` and `config set`, the JSON Schema and the
 * reference page.
 */
export interface Setting {
  /** Names from the file's root, joined by dots: `backend.command`. */
  readonly key: string;
  readonly type: SettingType;
  readonly description: string;
  readonly example: JsonValue;
  /** Absent: the setting has no value unless given. */
  readonly default?: JsonValue;
  readonly required?: true;
  /** Set once, when the file is made. */
  readonly fixed?: true;
  /** Absent: the setting is always there. */
  readonly onlyWith?: OnlyWith;
  /** When a change of it is seen, as a sentence; absent: as `SettingsFile.restart` says. */
  readonly takesEffect?: string;
  /** The same as a word; absent: with `SettingsFile.restart`. */
  readonly effectAt?: EffectAt;
  /**
   * A page of the dashboard may change it. Never what a proxy starts or reaches, who it is, what its record holds or
   * where that lies: a page that was taken over must not reach further than the policy lets it.
   */
  readonly forPages?: true;
}

export type EffectAt = 'at_once' | 'client_restart' | 'manager_restart';

/** When a change of a setting is seen. */
export const effectAtOf = ({ restart }: SettingsFile, { effectAt }: Setting): EffectAt =>
  effectAt ?? `${restart}_restart`;

/** A setting exists only where another one, a choice with a default, has one of these values. */
export interface OnlyWith {
  readonly key: string;
  readonly values: readonly string[];
}

/** What is wrong with a value in a settings file, and which part of the text says so. */
export interface SettingProblem {
  readonly message: string;
  readonly fix?: string;
  readonly path: JsonPath;
  readonly at: 'key' | 'value';
}

/** A kind of settings file. */
export interface SettingsFile {
  readonly title: string;
  readonly format: number;
  readonly settings: readonly Setting[];
  /** Objects that may be absent as a whole; the required settings in them are required where the object is there. */
  readonly optionalGroups: readonly string[];
  /** What must restart before a change is seen. */
  readonly restart: 'client' | 'manager';
  /** What is wrong between settings that are right by themselves. Values of wrong types are not its business. */
  readonly problemsBetween?: (value: JsonObject) => readonly SettingProblem[];
}

/** The names that may stand in the object at `prefix` ('' is the root), settings and groups, in the table's order. */
export function namesUnder(file: SettingsFile, prefix: string): readonly string[] {
  const start = prefix === '' ? '' : `${prefix}.`;
  const names = new Set<string>(prefix === '' ? ['$schema', 'format'] : []);
  for (const { key } of file.settings) {
    if (key.startsWith(start)) names.add(key.slice(start.length).split('.', 1)[0] as string);
  }
  return [...names];
}

export const isGroup = (file: SettingsFile, key: string): boolean =>
  file.settings.some((setting) => setting.key.startsWith(`${key}.`));

/** The value at a path, or undefined where there is none. */
export function valueAt(value: JsonObject, path: readonly string[]): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const name of path) {
    if (current === undefined || !isJsonObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return current;
}

/** What decides whether a setting exists has this value, its default where it is not given. */
export function decidingValue(
  file: SettingsFile,
  { key }: OnlyWith,
  value: JsonObject,
): JsonValue | undefined {
  return valueAt(value, key.split('.')) ?? file.settings.find((setting) => setting.key === key)?.default;
}

/** Whether a setting exists in this file. */
export function applies(file: SettingsFile, { onlyWith }: Setting, value: JsonObject): boolean {
  if (onlyWith === undefined) return true;
  const decides = decidingValue(file, onlyWith, value);
  return typeof decides === 'string' && onlyWith.values.includes(decides);
}
