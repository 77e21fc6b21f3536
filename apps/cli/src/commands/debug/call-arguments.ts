import { AcpError } from '@mcp-acp/shared/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { visible } from '@mcp-acp/shared/visible';
import type { Members } from '../../speak/conversation.ts';

/** `--arg` as typed: a name and a text. */
export interface TypedArgument {
  readonly name: string;
  readonly text: string;
}

/** Throws AcpError('usage'). */
export function typedArguments(given: readonly string[]): readonly TypedArgument[] {
  return given.map((word) => {
    const equals = word.indexOf('=');
    if (equals < 1) {
      throw new AcpError('usage', `--arg takes NAME=VALUE, not "${visible(word, 80)}".`, {
        fix: "A value is read as the tool's schema says; for JSON of any form: --args JSON",
      });
    }
    return { name: word.slice(0, equals), text: word.slice(equals + 1) };
  });
}

/** `--args` as the JSON text that will be sent, exactly as typed but on one line. Throws AcpError('usage'). */
export function argumentsText(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AcpError('usage', `--args is not valid JSON: ${error instanceof Error ? error.message : ''}`);
  }
  if (!isJsonObject(value)) {
    throw new AcpError('usage', '--args takes a JSON object.', {
      fix: `For example: --args '{"path":"a.txt"}'`,
    });
  }
  // Line ends can only be white space here, and a message is one line.
  return text.trim().replace(/[\r\n]+/g, ' ');
}

/**
 * The arguments of a tool's call as JSON text, each read by what the tool's schema says of it. A name given several
 * times is a list. Throws AcpError('usage') for a value that the schema does not have.
 */
export function argumentsBySchema(
  typed: readonly TypedArgument[],
  inputSchema: JsonValue | undefined,
): Members {
  const properties =
    isJsonObject(inputSchema) && isJsonObject(inputSchema.properties) ? inputSchema.properties : {};
  const texts = new Map<string, string[]>();
  for (const { name, text } of typed) texts.set(name, [...(texts.get(name) ?? []), text]);
  return Object.fromEntries(
    [...texts].map(([name, all]) => {
      const schema = properties[name];
      const types = typesOf(schema);
      const [only] = all;
      const isList =
        all.length > 1 || (types.has('array') && types.size === 1 && !only?.trim().startsWith('['));
      if (!isList) return [name, valueText(name, only ?? '', types)];
      if (types.size > 0 && !types.has('array')) {
        throw new AcpError(
          'usage',
          `"${visible(name, 80)}" is given ${all.length} times, and takes no list.`,
        );
      }
      const items = typesOf(isJsonObject(schema) ? schema.items : undefined);
      return [name, `[${all.map((text) => valueText(name, text, items)).join(',')}]`];
    }),
  );
}

/** The arguments of a prompt, which are always texts. */
export const argumentsOfPrompt = (typed: readonly TypedArgument[]): Members =>
  Object.fromEntries(typed.map(({ name, text }) => [name, JSON.stringify(text)]));

const jsonNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** A typed text as JSON text of one of the types; where none are known, as JSON if it is JSON. */
function valueText(name: string, text: string, types: ReadonlySet<string>): string {
  const asText = JSON.stringify(text);
  if (types.size === 1 && types.has('string')) return asText;
  const type = typeOfJson(text);
  if (
    type !== undefined &&
    (types.size === 0 || types.has(type) || (type === 'integer' && types.has('number')))
  ) {
    // A number stays as it was typed: not every one fits a number of JavaScript.
    return text.trim();
  }
  if (types.size === 0 || types.has('string')) return asText;
  throw new AcpError(
    'usage',
    `The tool wants ${[...types].map((one) => visible(one, 20)).join(' or ')} for "${visible(name, 80)}", not "${visible(text, 80)}".`,
  );
}

/** The type of a text that is JSON on one line, in the words of JSON Schema. */
function typeOfJson(text: string): string | undefined {
  const word = text.trim();
  if (/[\r\n]/.test(word)) return undefined;
  if (jsonNumber.test(word)) return /^-?[0-9]+$/.test(word) ? 'integer' : 'number';
  try {
    const value = JSON.parse(word) as JsonValue;
    if (value === null) return 'null';
    return Array.isArray(value) ? 'array' : typeof value;
  } catch {
    return undefined;
  }
}

/** Which types a schema allows, as far as it says so plainly; empty where it does not. */
function typesOf(schema: JsonValue | undefined): ReadonlySet<string> {
  if (!isJsonObject(schema)) return new Set();
  const { type, enum: values, anyOf, oneOf } = schema;
  if (typeof type === 'string') return new Set([type]);
  if (Array.isArray(type)) return new Set(type.filter((one) => typeof one === 'string'));
  if (Array.isArray(values))
    return new Set(values.map((value) => typeOfJson(JSON.stringify(value)) ?? 'string'));
  const either: JsonValue | undefined = anyOf ?? oneOf;
  if (!Array.isArray(either)) return new Set();
  const parts = either.map((part: JsonValue) => typesOf(part));
  return parts.some((part) => part.size === 0) ? new Set() : new Set(parts.flatMap((part) => [...part]));
}

/** The tool of this name among those a server listed. */
export const toolNamed = (tools: readonly JsonObject[], name: string): JsonObject | undefined =>
  tools.find((tool) => tool.name === name);
