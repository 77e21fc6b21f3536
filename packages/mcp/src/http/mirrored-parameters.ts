import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { memberString, memberValue, type RequestMessage, type ResponseMessage } from '../message.ts';
import { slot } from '../strict/slots.ts';
import { headerValue } from './header-value.ts';

/** A parameter of a tool whose value is repeated in a header. */
interface MirroredParameter {
  readonly header: string;
  /** Names of the properties that lead to it. */
  readonly path: readonly string[];
}

/** What a tool's `x-mcp-header` annotations ask for, or why they are not valid. */
type Mirroring =
  | { readonly kind: 'valid'; readonly parameters: readonly MirroredParameter[] }
  | { readonly kind: 'invalid'; readonly problem: string };

export type MirroredHeaders =
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'invalid'; readonly problem: string };

/** Tools remembered for their annotations; most have none and are not. */
const maxTools = 10_000;

const none: MirroredHeaders = { kind: 'headers', headers: {} };

/**
 * Which arguments of which tool are repeated in `Mcp-Param-*` headers (2026-07-28, Streamable HTTP, "Custom Headers from
 * Tool Parameters"). It is learnt from the tool lists that pass by; the proxy asks for none itself.
 */
export interface MirroredParameters {
  /** Reads the answer to a `tools/list`. */
  sawTools(answer: ResponseMessage): void;
  headersFor(call: RequestMessage): MirroredHeaders;
}

export function createMirroredParameters(): MirroredParameters {
  const byTool = new Map<string, Mirroring>();

  const sawTools = (answer: ResponseMessage): void => {
    const tools = answer.failed ? undefined : memberValue(answer, slot.tools);
    if (!Array.isArray(tools)) return;
    for (const tool of tools) {
      if (!isJsonObject(tool) || typeof tool.name !== 'string') continue;
      const mirroring = mirroringOf(tool.inputSchema);
      if (mirroring.kind === 'valid' && mirroring.parameters.length === 0) byTool.delete(tool.name);
      else if (byTool.size < maxTools || byTool.has(tool.name)) byTool.set(tool.name, mirroring);
    }
  };

  const headersFor = (call: RequestMessage): MirroredHeaders => {
    if (byTool.size === 0 || call.method !== 'tools/call') return none;
    const mirroring = byTool.get(memberString(call, slot.name) ?? '');
    if (mirroring === undefined) return none;
    if (mirroring.kind === 'invalid') return mirroring;
    const values = memberValue(call, slot.arguments);
    const headers: Record<string, string> = {};
    for (const { header, path } of mirroring.parameters) {
      const text = textOf(valueAt(values, path));
      if (text !== undefined) headers[`mcp-param-${header.toLowerCase()}`] = headerValue(text);
    }
    return { kind: 'headers', headers };
  };

  return { sawTools, headersFor };
}

function valueAt(root: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let value = root;
  for (const name of path)
    value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : undefined;
}

const annotation = 'x-mcp-header';
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const mirroredTypes: ReadonlySet<JsonValue | undefined> = new Set(['integer', 'string', 'boolean']);

function mirroringOf(schema: JsonValue | undefined): Mirroring {
  const parameters: MirroredParameter[] = [];
  if (!isJsonObject(schema)) return { kind: 'valid', parameters };
  const problem =
    collect(schema, [], parameters) ??
    (annotationsIn(schema) === parameters.length ? undefined : `${annotation} stands where no property is`);
  if (problem !== undefined) return { kind: 'invalid', problem };
  const names = new Set(parameters.map(({ header }) => header.toLowerCase()));
  return names.size === parameters.length
    ? { kind: 'valid', parameters }
    : { kind: 'invalid', problem: `two parameters have the same ${annotation}` };
}

/** Collects the annotated properties that chains of `properties` lead to; returns what is wrong with one of them. */
function collect(
  schema: JsonObject,
  path: readonly string[],
  found: MirroredParameter[],
): string | undefined {
  if (!isJsonObject(schema.properties)) return undefined;
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!isJsonObject(property)) continue;
    const inner = [...path, name];
    if (Object.hasOwn(property, annotation)) {
      const header = property[annotation];
      if (typeof header !== 'string' || !token.test(header))
        return `${annotation} is not the name of a header`;
      if (!mirroredTypes.has(property.type)) return `${annotation} is on a parameter of no primitive type`;
      found.push({ header, path: inner });
    }
    const problem = collect(property, inner, found);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Members that hold data and no schemas: an annotation's name in them means nothing. */
const dataMembers: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'examples', 'required']);

/** How many annotations a schema holds, at whatever place a schema may stand. Nesting is bounded by the strict check. */
function annotationsIn(value: JsonValue, isNames = false): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + annotationsIn(item), 0);
  if (!isJsonObject(value)) return 0;
  let count = !isNames && Object.hasOwn(value, annotation) ? 1 : 0;
  for (const [name, member] of Object.entries(value)) {
    if (isNames || !dataMembers.has(name)) count += annotationsIn(member, !isNames && name === 'properties');
  }
  return count;
}
