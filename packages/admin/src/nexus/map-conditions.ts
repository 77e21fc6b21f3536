import type { JsonObject, JsonValue } from '@mcp-acp/shared/json';
import {
  type NexusOperation,
  namesInBoth,
  namesOfOperation,
  narrowerName,
  nexusOperations,
  widerName,
} from './name-patterns.ts';
import { narrowerPath, widerPath } from './path-patterns.ts';

/** The conditions of a rule there: those that are given, each a list; of a list, any one. */
export type NexusConditions = Readonly<Record<string, readonly string[]>>;

export const nexusConditions = [
  'tool_name',
  'path_pattern',
  'source_path',
  'dest_path',
  'operations',
  'extension',
  'scheme',
  'backend_id',
  'resource_type',
  'mcp_method',
  'subject_id',
  'side_effects',
] as const;

/** Conditions of ours for one rule there, several where one cannot say it; none: nothing can. */
export interface MappedConditions {
  readonly whens: readonly JsonObject[];
  readonly notes: readonly string[];
}

const everything: JsonObject = { mcp_method: '*' };
const tidy = (list: readonly string[]): JsonValue => {
  const once = [...new Set(list)];
  return once.length === 1 ? (once[0] as string) : once;
};
const escapeGlob = (text: string): string => text.replace(/[*?[\]{}\\]/g, '\\$&');

/** For an allow: whatever these let match, the rule there matches. A condition that cannot be said so leaves nothing. */
export function narrowerConditions(given: NexusConditions): MappedConditions {
  const when: Record<string, JsonValue> = {};
  const not: JsonObject[] = [];
  const notes: string[] = [];
  const lost: string[] = [];
  const put = (name: string, patterns: readonly string[]): void => {
    const list = given[name] ?? [];
    if (patterns.length === 0) lost.push(name);
    else when[name] = tidy(patterns);
    if (patterns.length > 0 && patterns.length < list.length)
      notes.push(`of ${name} some patterns cannot be said here and are left out`);
  };
  const kept = (name: string, map: (pattern: string) => readonly string[]): void => {
    const list = given[name];
    if (list !== undefined) put(name, list.flatMap(map));
  };
  const name = (pattern: string): readonly string[] => {
    const narrower = narrowerName(pattern);
    return narrower === undefined ? [] : [narrower];
  };
  const exact = (text: string): readonly string[] => [escapeGlob(text)];

  kept('path_pattern', narrowerPath);
  kept('source_path', narrowerPath);
  kept('dest_path', narrowerPath);
  kept('extension', (text) => (/^\.[^./\\*?[\]{}]+$/.test(text) ? [text] : []));
  kept('scheme', (text) => (/[:/]/.test(text) ? [] : exact(text)));
  kept('backend_id', name);
  kept('mcp_method', name);
  kept('subject_id', exact);
  if (given.backend_id !== undefined) notes.push('backend_id is compared with the id of the backend here');
  if (given.subject_id !== undefined)
    notes.push('subject_id is compared with the names that callers have here');
  if (given.side_effects !== undefined) lost.push('side_effects');
  const names = given.tool_name?.flatMap(name);
  const operations = given.operations?.filter(isOperation);
  if (operations !== undefined) {
    const both = names?.flatMap((pattern) => operations.flatMap((one) => namesInBoth(pattern, one)));
    const listed = both ?? operations.flatMap(namesOfOperation);
    if (listed.length === 0) lost.push('tool_name with operations');
    else when.tool_name = tidy(listed);
    when.operations = tidy(operations.flatMap((one) => (one === 'read' ? ['read', 'list'] : [one])));
    const others = nexusOperations.filter(
      (one) => !operations.includes(one) && mayComeFirst(one, operations),
    );
    if (others.length > 0)
      not.push({
        tool_name: tidy(others.flatMap(namesOfOperation).map((pattern) => widerName(pattern, true))),
      });
  } else if (names !== undefined) put('tool_name', names);
  for (const type of given.resource_type ?? []) {
    if (type === 'server') not.push({ mcp_method: ['tools/call', 'resources/*', 'prompts/*'] });
    else when.resource_type = type;
    if (type === 'resource') not.push({ mcp_method: 'subscriptions/listen' });
  }
  if (lost.length > 0) return { whens: [], notes: [`${lost.join(', ')} cannot be said here`] };
  if (not.length > 0) when.not = not.length === 1 ? (not[0] as JsonObject) : not;
  return { whens: [when], notes };
}

const isOperation = (text: string): text is NexusOperation =>
  (nexusOperations as readonly string[]).includes(text);

/** Whether a tool that is listed may be taken for this other kind, which is looked for before. */
const mayComeFirst = (other: NexusOperation, listed: readonly NexusOperation[]): boolean =>
  listed.some((one) => nexusOperations.indexOf(one) > nexusOperations.indexOf(other));

/** For a deny or ask: whatever the rule there matches, one of these matches. What cannot be said is left away. */
export function widerConditions(given: NexusConditions): MappedConditions {
  const when: Record<string, JsonValue> = {};
  const notes: string[] = [];
  const more: JsonObject[] = [];
  const put = (name: string, map: (pattern: string) => readonly string[]): void => {
    const list = given[name];
    if (list !== undefined) when[name] = tidy(list.flatMap(map));
  };
  put('path_pattern', widerPath);
  put('source_path', widerPath);
  put('dest_path', widerPath);
  put('tool_name', (pattern) => [widerName(pattern, true)]);
  put('mcp_method', (pattern) => [widerName(pattern, false)]);
  const extensions = given.extension?.filter((text) => /^\.[^./\\*?[\]{}]+$/.test(text));
  if (extensions !== undefined) {
    if (extensions.length === given.extension?.length) when.extension = tidy(extensions);
    else notes.push('extension cannot be said here: it counts for every file');
  }
  const schemes = given.scheme?.filter((text) => !/[:/]/.test(text)).map(escapeGlob);
  if (schemes !== undefined) {
    if (schemes.length === given.scheme?.length) when.scheme = tidy(schemes);
    else notes.push('scheme cannot be said here: it counts for every URI');
  }
  for (const name of ['backend_id', 'subject_id', 'side_effects'] as const) {
    if (given[name] === undefined) continue;
    const quoted = given[name].join(', ');
    notes.push(`${name} (${quoted}) means something else here: the rule counts whatever it is`);
    // Only a tool has side effects there.
    if (name === 'side_effects' && when.tool_name === undefined) when.tool_name = '*';
  }
  for (const type of given.resource_type ?? []) {
    if (type === 'server') when.not = { mcp_method: ['tools/call', 'resources/*', 'prompts/*'] };
    else when.resource_type = type;
  }
  if (given.operations !== undefined) {
    if (given.tool_name === undefined && when.tool_name === undefined) {
      const operations = given.operations.filter(isOperation);
      const named = operations.flatMap(namesOfOperation).map((pattern) => widerName(pattern, true));
      more.push({ ...when, tool_name: tidy(named) });
      when.operations = tidy(operations.flatMap((one) => (one === 'read' ? ['read', 'list'] : [one])));
      notes.push('a second rule holds the names by which operations were told there');
    } else
      notes.push(
        'operations beside names of tools cannot be said here: the rule counts for all of those tools',
      );
  }
  return { whens: [Object.keys(when).length === 0 ? everything : when, ...more], notes };
}
