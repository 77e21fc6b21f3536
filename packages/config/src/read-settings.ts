import { AcpError, type FilePosition } from '@mcp-acp/shared/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { endOfString } from '@mcp-acp/shared/json-text';
import { checkSettings } from './check-settings.ts';
import { jsonPlaces, lineAndColumn } from './json-places.ts';
import { applies, type SettingsFile, valueAt } from './setting.ts';

/** Something wrong with a settings file, for a person. */
export interface PlacedProblem {
  readonly message: string;
  readonly fix?: string;
  readonly position: FilePosition;
}

export type SettingsCheck =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] };

/**
 * Checks the text of a settings file. The good case is JSON.parse and one walk; places are looked up only for problems.
 * Throws AcpError('format_too_new') for a file of a newer version, whose other problems would be ours, not its.
 */
export function checkSettingsText(kind: SettingsFile, text: string, file: string): SettingsCheck {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    const problem = jsonPlaces(text).problem ?? { offset: 0, message: 'The file cannot be read as JSON.' };
    return failed([
      { message: `Not valid JSON: ${problem.message}`, position: place(text, file, problem.offset) },
    ]);
  }
  checkFormat(kind, value, text, file);
  const problems = checkSettings(kind, value);
  if (problems.length === 0 && isJsonObject(value) && countKeys(value) === countKeyTokens(text)) {
    return { ok: true, value };
  }
  const places = jsonPlaces(text);
  // A misspelt name comes before the setting it leaves missing: the first problem is what most readers see.
  const ordered = [
    ...problems.filter(({ at }) => at === 'key'),
    ...problems.filter(({ at }) => at === 'value'),
  ];
  const placed: PlacedProblem[] = ordered.map(({ message, fix, path, at }) => ({
    message,
    ...(fix === undefined ? {} : { fix }),
    position: place(text, file, (at === 'key' ? places.keyAt(path) : places.valueAt(path)) ?? 0),
  }));
  if (places.duplicate !== undefined) {
    placed.unshift({
      message: `"${places.duplicate.path.join('.')}" is there twice.`,
      fix: 'Keep one of them.',
      position: place(text, file, places.duplicate.offset),
    });
  }
  return failed(placed);
}

/** As {@link checkSettingsText}, but throws AcpError('config_invalid') with the first problem and how many more there are. */
export function parseSettings(kind: SettingsFile, text: string, file: string): JsonObject {
  const check = checkSettingsText(kind, text, file);
  if (check.ok) return check.value;
  const [first, ...others] = check.problems;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new AcpError('config_invalid', `${first?.message ?? 'The file cannot be used.'}${more}`, {
    ...(first?.fix === undefined ? {} : { fix: first.fix }),
    ...(first === undefined ? {} : { position: first.position }),
  });
}

function checkFormat(kind: SettingsFile, value: JsonValue, text: string, file: string): void {
  if (!isJsonObject(value) || value.format === undefined || value.format === kind.format) return;
  const position = place(text, file, jsonPlaces(text).valueAt(['format']) ?? 0);
  if (typeof value.format === 'number' && value.format > kind.format) {
    throw new AcpError(
      'format_too_new',
      `The file has format ${value.format}; this version of mcp-acp reads up to ${kind.format}.`,
      { position, fix: 'Update mcp-acp (npm install -g mcp-acp@latest).' },
    );
  }
  throw new AcpError('config_invalid', `"format" must be ${kind.format}.`, { position });
}

/** The value with the defaults of everything that is not given, in the table's order. */
export function withDefaults(kind: SettingsFile, value: JsonObject): JsonObject {
  const result: Record<string, JsonValue> = { format: kind.format };
  for (const setting of kind.settings) {
    if (!applies(kind, setting, value)) continue;
    const path = setting.key.split('.');
    const given = valueAt(value, path) ?? setting.default;
    if (given === undefined) continue;
    const absent = kind.optionalGroups.some(
      (group) =>
        setting.key.startsWith(`${group}.`) &&
        valueAt(value, group.split('.')) === undefined &&
        kind.settings.some(
          (other) =>
            other.required && other.key.startsWith(`${group}.`) && !hasDeeperGroup(kind, group, other.key),
        ),
    );
    if (absent) continue;
    let object = result;
    for (const name of path.slice(0, -1)) {
      object[name] ??= {};
      object = object[name] as Record<string, JsonValue>;
    }
    object[path[path.length - 1] as string] = given;
  }
  return result;
}

/** Whether `key`, a setting under `group`, belongs to an optional group further down. */
const hasDeeperGroup = (kind: SettingsFile, group: string, key: string): boolean =>
  kind.optionalGroups.some((other) => other.startsWith(`${group}.`) && key.startsWith(`${other}.`));

const failed = (problems: readonly PlacedProblem[]): SettingsCheck => ({ ok: false, problems });

const place = (text: string, file: string, offset: number): FilePosition => ({
  file,
  ...lineAndColumn(text, offset),
});

function countKeys(value: JsonValue): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item: JsonValue) => sum + countKeys(item), 0);
  if (!isJsonObject(value)) return 0;
  return Object.values(value).reduce((sum: number, member) => sum + 1 + countKeys(member), 0);
}

/** Names in valid JSON text. JSON.parse keeps only the last of two equal ones, so the counts differ where one is lost. */
function countKeyTokens(text: string): number {
  const colon = /[ \t\r\n]*:/y;
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at)) {
    at = endOfString(text, at);
    colon.lastIndex = at;
    if (colon.test(text)) count++;
  }
  return count;
}
