import type { AccessRequest, ToolAnnotations } from '@mcp-acp/policy/access-request';
import type { ArgumentPath } from '@mcp-acp/policy/argument-path';
import type { Unsure } from '@mcp-acp/policy/decide-unsure';
import { extractFacts, type Facts, type PathResolver } from '@mcp-acp/policy/facts';
import type { SideEffect } from '@mcp-acp/policy/policy';
import { operationsOfName } from '@mcp-acp/policy/tool-verbs';
import type { RecordedFacts } from '@mcp-acp/shared/journal-record';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';
import { redacted } from '@mcp-acp/shared/redaction';
import type { DecisionRecord } from './past-decisions.ts';
import type { PastArguments } from './past-payloads.ts';

/** A recorded call as a policy would see it again. */
export interface PastCall {
  readonly facts: Facts;
  /** What of the facts is not known; absent: all of it is as it was. */
  readonly unsure?: Unsure;
}

export interface PastSurroundings {
  readonly backendId: string;
  readonly backendKind: 'stdio' | 'http';
  readonly resolver: PathResolver;
  /** Whether a place was asked for that depends on a folder nobody knows, since this was asked last. */
  readonly guessedPlace: () => boolean;
}

/** A call with fewer bytes on the wire hit no bound of what is looked at in it. */
const boundedBytes = 64 * 1024;
/** As many operands or mentions are counted; at the bound there may have been more. */
const mostCounted = 256;

/**
 * The call of a record; undefined where even its names are not known. `kept`: its arguments, or `none` where it surely
 * had none.
 */
export function pastCall(
  record: DecisionRecord,
  kept: PastArguments | 'none',
  where: PastSurroundings,
): PastCall | undefined {
  const names = [record.method, record.tool, record.prompt, record.client, record.subject];
  // What is as long as a quotation may have been longer.
  if (names.some((name) => name !== undefined && name.length >= limits.quotedText)) return undefined;
  // A record without facts is of a question inside a message, which says neither who was asked nor what.
  if (record.method === undefined || record.facts === undefined) return undefined;
  const args = kept === 'none' || kept.state === 'gone' ? undefined : kept.value;
  const request: AccessRequest = {
    method: record.method,
    from: record.from,
    backendId: where.backendId,
    backendKind: where.backendKind,
    subjectId: record.subject,
    ...(record.client === undefined ? {} : { client: record.client }),
    ...(record.prompt === undefined ? {} : { promptName: record.prompt }),
    ...toolOf(record),
    ...argumentsOf(record.method, args),
  };
  where.guessedPlace();
  const facts = extractFacts(request, where.resolver);
  const guessed = where.guessedPlace();
  if (kept !== 'none' && kept.state === 'gone') return withoutArguments(record, facts);
  if (kept !== 'none' && kept.state === 'redacted')
    return withRedacted(record, { facts, guessed }, kept.value);
  return guessed ? { facts, unsure: { ...nothing, operands: true, texts: true } } : { facts };
}

const nothing: Unsure = { operands: false, texts: false, sideEffects: false, argument: () => false };

/** Of a tool and a prompt only the arguments are kept, of everything else all parameters, the URI among them. */
function argumentsOf(method: string, args: JsonObject | undefined): Pick<AccessRequest, 'arguments' | 'uri'> {
  if (args === undefined) return {};
  const named = method === 'tools/call' || method === 'prompts/get';
  return named || typeof args.uri !== 'string' ? { arguments: args } : { arguments: args, uri: args.uri };
}

function toolOf({ tool, facts }: DecisionRecord): Pick<AccessRequest, 'toolName' | 'tool'> {
  if (tool === undefined) return {};
  const annotations = facts === undefined ? undefined : hintsBehind(tool, facts);
  return { toolName: tool, ...(annotations === undefined ? {} : { tool: { annotations } }) };
}

/** Hints that make of a tool's name what the policy saw then: the record has its result, whatever was listed when. */
function hintsBehind(tool: string, facts: RecordedFacts): ToolAnnotations | undefined {
  const named = operationsNamed(tool);
  const added = (operation: string): boolean =>
    facts.operations?.includes(operation) === true && !named.includes(operation);
  const network = facts.sideEffects?.includes('network') === true;
  if (!added('delete') && !added('write') && !network) return undefined;
  return {
    ...(added('delete') ? { destructiveHint: true } : {}),
    ...(added('write') ? { readOnlyHint: false } : {}),
    ...(network ? { openWorldHint: true } : {}),
  };
}

const byName = new Map<string, readonly string[]>();

/** Remembered, since a session calls the same few tools again and again. */
function operationsNamed(tool: string): readonly string[] {
  const known = byName.get(tool);
  if (known !== undefined) return known;
  if (byName.size >= 4096) byName.clear();
  const operations = operationsOfName(tool);
  byName.set(tool, operations);
  return operations;
}

/** The side effects as the policy saw them then; they are on record. */
function recordedEffects(record: DecisionRecord, facts: Facts): Facts {
  const { sideEffects } = record.facts ?? {};
  return sideEffects === undefined ? facts : { ...facts, sideEffects: sideEffects as readonly SideEffect[] };
}

function withoutArguments(record: DecisionRecord, facts: Facts): PastCall {
  const { facts: recorded, size } = record;
  const namedNothing =
    recorded?.operands === 0 && recorded.mentions === 0 && size <= boundedBytes && facts.uri === undefined;
  return {
    facts: recordedEffects(record, facts),
    unsure: {
      operands: !namedNothing,
      texts: true,
      sideEffects: recorded?.sideEffects === undefined,
      argument: () => true,
    },
  };
}

/**
 * Values that were replaced may have been anything. They named no path or URI where the record counts no more of them than
 * what is left does, and nothing that is left of a replaced text could be taken for one.
 */
function withRedacted(
  record: DecisionRecord,
  { facts, guessed }: { readonly facts: Facts; readonly guessed: boolean },
  value: JsonObject,
): PastCall {
  const { facts: recorded, size } = record;
  const counted =
    recorded !== undefined &&
    recorded.operands === facts.operands.length &&
    recorded.mentions === facts.mentions.length &&
    facts.operands.length < mostCounted &&
    facts.mentions.length < mostCounted &&
    size <= boundedBytes;
  const touched = [...facts.operands, ...facts.mentions].some((fact) => fact.text.includes(redacted));
  return {
    facts: recordedEffects(record, facts),
    unsure: {
      operands: guessed || !counted || touched || hasDoubtfulRest(value),
      texts: true,
      sideEffects: recorded?.sideEffects === undefined,
      argument: (path) => mayHaveBeen(value, path),
    },
  };
}

/** Whether a text or a name was replaced in part, and what is left of it has characters of a path. */
function hasDoubtfulRest(value: JsonValue): boolean {
  if (typeof value === 'string') {
    return value !== redacted && value.includes(redacted) && /[/\\~:.%$]/.test(value);
  }
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).some(hasDoubtfulRest);
  return Object.entries(value).some(([name, member]) => name.includes(redacted) || hasDoubtfulRest(member));
}

/** Whether what stands at a path, or on the way to it, was replaced. */
function mayHaveBeen(root: JsonObject, path: ArgumentPath): boolean {
  let values: readonly JsonValue[] = [root];
  for (const step of path) {
    const next: JsonValue[] = [];
    for (const value of values) {
      if (typeof value === 'string' && value.includes(redacted)) return true;
      if (value === null || typeof value !== 'object') continue;
      if (isJsonObject(value) && Object.keys(value).some((name) => name.includes(redacted))) return true;
      if (step === 'every') next.push(...(Object.values(value) as JsonValue[]));
      else if ('key' in step) {
        if (isJsonObject(value) && Object.hasOwn(value, step.key)) next.push(value[step.key] as JsonValue);
      } else if (Array.isArray(value) && step.index < value.length) next.push(value[step.index] as JsonValue);
    }
    values = next;
  }
  return values.some(holdsRedacted);
}

function holdsRedacted(value: JsonValue): boolean {
  if (typeof value === 'string') return value.includes(redacted);
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).some(holdsRedacted);
  return Object.entries(value).some(([name, member]) => name.includes(redacted) || holdsRedacted(member));
}
