import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { placeInYaml } from './place-in-yaml.ts';

export interface Completion {
  readonly label: string;
  /** What is put in. */
  readonly apply: string;
  readonly kind: 'key' | 'value';
  readonly description?: string;
}

export interface Completions {
  /** Offset of the begun word, in UTF-16 units. */
  readonly from: number;
  readonly options: readonly Completion[];
}

/**
 * What may stand at an offset of a YAML text, by a JSON Schema. `known` adds values by the key they belong to, such as
 * tools that were seen.
 */
export function completionsAt(
  { text, offset }: { readonly text: string; readonly offset: number },
  schema: JsonValue,
  known: Readonly<Record<string, readonly string[]>> = {},
): Completions | undefined {
  const place = placeInYaml(text, offset);
  if (place === undefined) return undefined;
  const nodes = schemasAt(schema, place.path);
  const keys = place.at === 'value' ? [] : nodes.flatMap((node) => keysOf(node, place.present));
  const values = place.at === 'key' ? [] : nodes.flatMap(valuesOf);
  const key = place.path.findLast((step) => typeof step === 'string');
  const isOwnList = Object.hasOwn(known, key ?? '') && place.at !== 'key' && nodes.some(takesText);
  const seen = isOwnList ? (known[key ?? ''] ?? []) : [];
  const options = [
    ...keys,
    ...values.map((word) => ({ label: word, apply: word, kind: 'value' as const })),
    ...seen.map((word) => ({ label: word, apply: asYaml(word), kind: 'value' as const })),
  ];
  const unique = new Map(options.map((option) => [`${option.kind} ${option.label}`, option]));
  return unique.size === 0 ? undefined : { from: place.from, options: [...unique.values()] };
}

/** Quoted where YAML would read something else. */
const asYaml = (word: string): string =>
  /^[A-Za-z_][\w./-]*$/.test(word) && !/^(?:true|false|null|yes|no|on|off)$/i.test(word)
    ? word
    : JSON.stringify(word);

/** Every alternative the schema has at a path. */
function schemasAt(schema: JsonValue, path: readonly (string | number)[]): readonly JsonObject[] {
  let nodes = alternatives(schema);
  for (const step of path) nodes = nodes.flatMap((node) => below(node, step));
  return nodes;
}

function below(node: JsonObject, step: string | number): readonly JsonObject[] {
  if (typeof step === 'number') return alternatives(node.items);
  const { properties, additionalProperties } = node;
  if (isJsonObject(properties) && Object.hasOwn(properties, step)) return alternatives(properties[step]);
  return isJsonObject(additionalProperties) ? alternatives(additionalProperties) : [];
}

function alternatives(schema: JsonValue | undefined): readonly JsonObject[] {
  if (!isJsonObject(schema)) return [];
  const { anyOf } = schema;
  const isChoice = Array.isArray(anyOf) && schema.properties === undefined;
  return isChoice ? anyOf.flatMap(alternatives) : [schema];
}

function keysOf(node: JsonObject, present: readonly string[]): readonly Completion[] {
  if (!isJsonObject(node.properties)) return [];
  return Object.entries(node.properties)
    .filter(([key]) => !present.includes(key))
    .map(([key, value]) => {
      const description = isJsonObject(value) ? value.description : undefined;
      return {
        label: key,
        apply: `${key}: `,
        kind: 'key' as const,
        ...(typeof description === 'string' ? { description } : {}),
      };
    });
}

function valuesOf(node: JsonObject): readonly string[] {
  if (Array.isArray(node.enum)) return node.enum.map(String);
  if (node.const !== undefined) return [String(node.const)];
  if (node.type === 'boolean') return ['true', 'false'];
  return [];
}

const takesText = (node: JsonObject): boolean => node.type === 'string';
