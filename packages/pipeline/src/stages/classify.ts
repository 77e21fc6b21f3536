import { classOf } from '@mcp-acp/mcp/classify-method';
import { memberString, memberValue, type RequestMessage } from '@mcp-acp/mcp/message';
import { revisionNamed } from '@mcp-acp/mcp/revisions/revision-table';
import { slot } from '@mcp-acp/mcp/strict/slots';
import type { AccessRequest } from '@mcp-acp/policy/access-request';
import { extractFacts } from '@mcp-acp/policy/facts';
import { isJsonObject, type JsonObject } from '@mcp-acp/shared/json';
import type { EnforcementContext } from '../context.ts';
import type { Classified, Identified } from './stage-results.ts';

export function classify(context: EnforcementContext, identified: Identified): Classified {
  const { message, from } = identified.received;
  if (classOf(message, from) === 'discovery') {
    return { identified, class: 'discovery', access: undefined, problem: undefined };
  }
  const request = accessRequest(context, identified);
  if (typeof request === 'string') {
    return { identified, class: 'access', access: undefined, problem: request };
  }
  const facts = extractFacts(request, context.paths);
  return { identified, class: 'access', access: { from, request, facts }, problem: undefined };
}

type Draft = { -readonly [Key in keyof AccessRequest]: AccessRequest[Key] };

/** The access request a message is, or what it lacks. */
function accessRequest(context: EnforcementContext, identified: Identified): AccessRequest | string {
  const { message, from } = identified.received;
  const { client } = identified.session;
  const draft: Draft = {
    method: message.method,
    from,
    backendId: context.backend.id,
    backendKind: context.backend.kind,
    subjectId: identified.subject.id,
  };
  if (client !== undefined) draft.client = client.name;
  const problem =
    message.method === 'tools/call' || message.method === 'prompts/get'
      ? addNamed(context, draft, message)
      : addOther(draft, message, identified.session.revision);
  return problem ?? draft;
}

/** A tool call or prompt: a name and its arguments. */
function addNamed(context: EnforcementContext, draft: Draft, message: RequestMessage): string | undefined {
  const name = memberString(message, slot.name);
  if (name === undefined || name === '' || name.includes('\0'))
    return '"params.name" must be a non-empty string';
  const given = memberValue(message, slot.arguments);
  if (given !== undefined) {
    if (!isJsonObject(given)) return '"params.arguments" must be an object';
    draft.arguments = given;
  }
  if (message.method === 'prompts/get') {
    draft.promptName = name;
    return undefined;
  }
  draft.toolName = name;
  const tool = context.tools.get(name);
  if (tool !== undefined) draft.tool = tool.description;
  return undefined;
}

/** Any other method: its parameters are what is judged, and a URI where it has one. */
function addOther(draft: Draft, message: RequestMessage, revision: string | undefined): string | undefined {
  draft.arguments = paramsWithoutMeta(memberValue(message, slot.params));
  const uri = memberString(message, slot.uri);
  if (uri !== undefined) draft.uri = uri;
  if (needsUri(message.method, revision) && (uri === undefined || uri === '' || uri.includes('\0'))) {
    return '"params.uri" must be a non-empty string';
  }
  return undefined;
}

/** A method that the revision in force does not have is one nobody knows: what its operands are, nobody knows either. */
function needsUri(method: string, revision: string | undefined): boolean {
  if (method !== 'resources/read' && method !== 'resources/subscribe') return false;
  const known = revision === undefined ? undefined : revisionNamed(revision);
  return known === undefined || Object.hasOwn(known.methods, method);
}

export function paramsWithoutMeta(params: unknown): JsonObject {
  if (!isJsonObject(params)) return {};
  const { _meta, ...rest } = params;
  return rest;
}
