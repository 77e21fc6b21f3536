import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { visible } from '@mcp-acp/shared/visible';
import { didYouMean } from './did-you-mean.ts';
import type { JsonPath } from './json-places.ts';
import {
  applies,
  decidingValue,
  isGroup,
  namesUnder,
  type OnlyWith,
  type Setting,
  type SettingProblem,
  type SettingsFile,
} from './setting.ts';

/** Everything that is wrong with a parsed settings file, in the table's order. Empty when it can be used. */
export function checkSettings(file: SettingsFile, value: JsonValue): readonly SettingProblem[] {
  if (!isJsonObject(value)) {
    return [{ message: `The file must hold an object, not ${kindOf(value)}.`, path: [], at: 'value' }];
  }
  const problems: SettingProblem[] = [];
  checkNames(file, value, '', problems);
  for (const setting of file.settings) checkSetting(file, setting, value, problems);
  problems.push(...(file.problemsBetween?.(value) ?? []));
  return problems;
}

function checkNames(
  file: SettingsFile,
  object: JsonObject,
  prefix: string,
  problems: SettingProblem[],
): void {
  const names = namesUnder(file, prefix);
  const path = prefix === '' ? [] : prefix.split('.');
  for (const [name, member] of Object.entries(object)) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    if (!names.includes(name)) {
      problems.push(unknownName(file, [...path, name], names));
    } else if (isGroup(file, key)) {
      if (isJsonObject(member)) checkNames(file, member, key, problems);
      else
        problems.push({
          message: `"${key}" must be an object, not ${kindOf(member)}.`,
          path: key.split('.'),
          at: 'value',
        });
    }
  }
}

function unknownName(file: SettingsFile, path: readonly string[], names: readonly string[]): SettingProblem {
  const key = path.join('.');
  const name = path[path.length - 1] as string;
  const near = didYouMean(name, names);
  // A setting in the wrong object is as common as one misspelt: "command" instead of "backend.command".
  const nested = new Map(file.settings.map(({ key }) => [key.slice(key.lastIndexOf('.') + 1), key]));
  const elsewhere = nested.get(didYouMean(name, nested.keys()) ?? name);
  const meant = near ?? elsewhere;
  const fix =
    meant !== undefined
      ? `Did you mean "${meant}"?`
      : `Known here: ${names.filter((known) => known !== '$schema').join(', ')}.`;
  return { message: `Unknown setting "${visible(key, 80)}".`, fix, path, at: 'key' };
}

function checkSetting(
  file: SettingsFile,
  setting: Setting,
  root: JsonObject,
  problems: SettingProblem[],
): void {
  const path = setting.key.split('.');
  const exists = applies(file, setting, root);
  let object: JsonObject = root;
  for (let depth = 1; depth < path.length; depth++) {
    const group = object[path[depth - 1] as string];
    if (group === undefined) {
      const name = path.slice(0, depth).join('.');
      if (setting.required && exists && !file.optionalGroups.includes(name)) {
        problems.push(missing(setting, path.slice(0, depth - 1)));
      }
      return;
    }
    // Reported once, with the names.
    if (!isJsonObject(group)) return;
    object = group;
  }
  const value = object[path[path.length - 1] as string];
  if (value === undefined) {
    if (setting.required && exists) problems.push(missing(setting, path.slice(0, -1)));
    return;
  }
  if (!exists && setting.onlyWith !== undefined) {
    const problem = outOfPlace(file, { ...setting, onlyWith: setting.onlyWith }, root);
    if (problem !== undefined) problems.push(problem);
  }
  problems.push(...checkValue(setting, value));
}

/** `"transport": "http"`, or `"transport": "http" or "sse"`. */
export const onlyWithText = ({ key, values }: OnlyWith): string =>
  `"${key}": ${values.map((value) => `"${value}"`).join(' or ')}`;

/** A setting that exists with another value of what decides. Nothing where that value is wrong itself. */
function outOfPlace(
  file: SettingsFile,
  { key, onlyWith }: Setting & { readonly onlyWith: OnlyWith },
  root: JsonObject,
): SettingProblem | undefined {
  const decides = decidingValue(file, onlyWith, root);
  const choice = file.settings.find((setting) => setting.key === onlyWith.key)?.type;
  if (choice?.kind !== 'choice' || typeof decides !== 'string' || !choice.values.includes(decides))
    return undefined;
  return {
    message: `"${key}" exists only with ${onlyWithText(onlyWith)}; here it is "${decides}".`,
    fix: `Take it out, or write "${onlyWith.key.split('.').at(-1)}": "${onlyWith.values[0]}".`,
    path: key.split('.'),
    at: 'key',
  };
}

const missing = (setting: Setting, path: JsonPath): SettingProblem => ({
  message: `"${setting.key}" is missing.`,
  fix: `Add it, for example: "${setting.key.split('.').at(-1)}": ${JSON.stringify(setting.example)}`,
  path,
  at: 'value',
});

/** What is wrong with one value for one setting. */
export function checkValue(setting: Setting, value: JsonValue): readonly SettingProblem[] {
  const { key, type } = setting;
  const path = key.split('.');
  const wrong = (message: string, fix?: string, at: JsonPath = path): SettingProblem => ({
    message,
    ...(fix === undefined ? {} : { fix }),
    path: at,
    at: 'value',
  });
  const notA = (says: string) => [
    wrong(
      `"${key}" must be ${says}, not ${kindOf(value)}.`,
      `For example: ${JSON.stringify(setting.example)}`,
    ),
  ];
  switch (type.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? [] : notA('true or false');
    case 'integer': {
      const says = `a whole number from ${type.least} to ${type.most}${type.unit === undefined ? '' : ` (${type.unit})`}`;
      if (typeof value !== 'number' || !Number.isInteger(value)) return notA(says);
      return value < type.least || value > type.most
        ? [wrong(`"${key}" must be ${says}, not ${value}.`)]
        : [];
    }
    case 'choice': {
      if (typeof value === 'string' && type.values.includes(value)) return [];
      const choices = `Use ${type.values.map((choice) => `"${choice}"`).join(' or ')}.`;
      if (typeof value !== 'string')
        return [wrong(`"${key}" must be a text, not ${kindOf(value)}.`, choices)];
      const near = didYouMean(value, type.values);
      return [
        wrong(
          `"${key}" cannot be "${visible(value, 80)}".`,
          near === undefined ? choices : `Did you mean "${near}"? ${choices}`,
        ),
      ];
    }
    case 'text': {
      if (typeof value !== 'string') return notA(type.says);
      const problem = type.problem?.(value);
      return problem === undefined ? [] : [wrong(`"${key}" is not ${type.says}: ${problem}`)];
    }
    case 'list': {
      if (!Array.isArray(value)) return notA(type.says);
      return (value as readonly JsonValue[]).flatMap((item, index) => {
        const at = [...path, index];
        if (typeof item !== 'string') {
          return [wrong(`Item ${index + 1} of "${key}" must be a text, not ${kindOf(item)}.`, undefined, at)];
        }
        const problem = type.problem?.(item);
        return problem === undefined
          ? []
          : [wrong(`Item ${index + 1} of "${key}": ${problem}`, undefined, at)];
      });
    }
    case 'map': {
      if (!isJsonObject(value)) return notA(type.says);
      return Object.entries(value).flatMap(([name, item]) => {
        const at = [...path, name];
        if (typeof item !== 'string') {
          return [wrong(`"${key}.${visible(name, 80)}" must be a text, not ${kindOf(item)}.`, undefined, at)];
        }
        const problem = type.problem?.(name, item);
        return problem === undefined ? [] : [wrong(`"${key}": ${problem}`, undefined, at)];
      });
    }
  }
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number' : String(value);
}
