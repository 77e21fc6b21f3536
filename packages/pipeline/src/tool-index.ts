import { hash } from 'node:crypto';
import type { ToolDescription } from '@mcp-acp/policy/access-request';
import type { ToolBody } from '@mcp-acp/shared/journal-record';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';

/** A tool as the backend last listed it. */
export interface KnownTool {
  readonly description: ToolDescription;
  /** SHA-256 of the definition's JSON, members in the order the backend gave them. */
  readonly digest: string;
  readonly hasOutputSchema: boolean;
  /** It was listed with another definition before, in this session. */
  readonly hasChanged: boolean;
}

export interface ToolIndex {
  get(name: string): KnownTool | undefined;
  /**
   * Reads the `tools` of a list result, the first page of a list or one that goes on with it. Returns what is new or
   * different, for the journal.
   */
  saw(tools: Buffer, pagesOn: boolean): readonly Omit<ToolBody, 'type'>[];
  /** How many tools the last list held, as far as it was read; undefined before there was one. */
  listed(): number | undefined;
}

/** More tools than this are not remembered; a call to one that is not counts as never seen. */
const maxTools = 20_000;
/** Pages of lists that need not be read again, because the same bytes were read before. */
const maxPages = 64;

/** Remembers the tools a backend lists. What it says of them is a hint, never a permission. */
export function createToolIndex(): ToolIndex {
  const tools = new Map<string, KnownTool>();
  /** How many tools each held. */
  const pages = new Map<string, number>();
  let listedTools: number | undefined;

  const saw = (bytes: Buffer, pagesOn: boolean): readonly Omit<ToolBody, 'type'>[] => {
    const page = hash('sha256', bytes, 'base64');
    const before = pagesOn ? (listedTools ?? 0) : 0;
    const known = pages.get(page);
    if (known !== undefined) {
      listedTools = before + known;
      return [];
    }
    // The definitions of other pages may have changed since: only a page that came last is known to be current.
    if (pages.size >= maxPages) pages.clear();
    const listed = JSON.parse(bytes.toString('utf8')) as JsonValue;
    if (!Array.isArray(listed)) return [];
    listedTools = before + listed.length;
    const changes: Omit<ToolBody, 'type'>[] = [];
    for (const definition of listed) {
      const change = learn(tools, definition);
      if (change !== undefined) changes.push(change);
    }
    if (changes.some((change) => change.event === 'changed')) pages.clear();
    pages.set(page, listed.length);
    return changes;
  };

  return { get: (name) => tools.get(name), saw, listed: () => listedTools };
}

function learn(tools: Map<string, KnownTool>, definition: JsonValue): Omit<ToolBody, 'type'> | undefined {
  if (!isJsonObject(definition) || typeof definition.name !== 'string') return undefined;
  const { name } = definition;
  const before = tools.get(name);
  if (before === undefined && tools.size >= maxTools) return undefined;
  const digest = hash('sha256', JSON.stringify(definition), 'hex');
  if (before?.digest === digest) return undefined;
  tools.set(name, {
    description: describe(definition),
    digest,
    hasOutputSchema: definition.outputSchema !== undefined,
    hasChanged: before !== undefined,
  });
  const tool = name.slice(0, limits.quotedText);
  return before === undefined
    ? { event: 'seen', tool, digest }
    : { event: 'changed', tool, digest, previous: before.digest };
}

function describe(definition: JsonObject): ToolDescription {
  const { title, annotations } = definition;
  return {
    ...(typeof title === 'string' ? { title } : {}),
    ...(isJsonObject(annotations) ? { annotations: booleansOf(annotations) } : {}),
  };
}

function booleansOf(annotations: JsonObject): Record<string, boolean> {
  const hints: Record<string, boolean> = {};
  for (const hint of ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const) {
    const value = annotations[hint];
    if (typeof value === 'boolean') hints[hint] = value;
  }
  return hints;
}
