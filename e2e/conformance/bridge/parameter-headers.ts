import type { IncomingHttpHeaders } from 'node:http';
import { isObject, type Message } from './json-rpc.ts';

/** An argument that a tool's schema wants repeated as a header (`x-mcp-header`). */
export interface ParameterHeader {
  /** In lower case, with its prefix. */
  readonly header: string;
  readonly path: readonly string[];
}

/** The argument headers of each tool, read from the lists that pass by. */
export class ParameterHeaders {
  private readonly byTool = new Map<string, readonly ParameterHeader[]>();

  learn(result: Message['result']): void {
    if (!Array.isArray(result?.tools)) return;
    for (const tool of result.tools) {
      if (isObject(tool) && typeof tool.name === 'string') {
        this.byTool.set(tool.name, declaredIn(tool.inputSchema, []));
      }
    }
  }

  of(message: Message): readonly ParameterHeader[] {
    const name = message.method === 'tools/call' ? message.params?.name : undefined;
    return typeof name === 'string' ? (this.byTool.get(name) ?? []) : [];
  }
}

function declaredIn(schema: unknown, path: readonly string[]): readonly ParameterHeader[] {
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  return Object.entries(schema.properties).flatMap(([name, property]) => {
    const at = [...path, name];
    const declared = isObject(property) ? property['x-mcp-header'] : undefined;
    const own =
      typeof declared === 'string' ? [{ header: `mcp-param-${declared.toLowerCase()}`, path: at }] : [];
    return [...own, ...declaredIn(property, at)];
  });
}

const argumentAt = (message: Message, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, name) => (isObject(value) ? value[name] : undefined),
    message.params?.arguments,
  );

/** What is wrong with the argument headers of a call, if anything is. */
export function checkParameterHeaders(
  headers: IncomingHttpHeaders,
  message: Message,
  declared: readonly ParameterHeader[],
): string | undefined {
  for (const { header, path } of declared) {
    const given = argumentAt(message, path);
    const sent = headers[header];
    const said = typeof sent === 'string' ? decodeHeader(sent.trim()) : undefined;
    const expected = given === undefined || given === null ? undefined : String(given);
    if (sent === undefined && expected === undefined) continue;
    if (said === undefined || said !== expected)
      return `${header} does not repeat the argument ${path.join('.')}.`;
  }
  return undefined;
}

/** A value as it stands, or out of its Base64 wrapping. Undefined where the wrapping holds no Base64. */
export function decodeHeader(value: string): string | undefined {
  const wrapped = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
  if (wrapped === undefined) return value;
  const bytes = Buffer.from(wrapped, 'base64');
  return bytes.toString('base64') === wrapped ? bytes.toString('utf8') : undefined;
}
