import type { IncomingHttpHeaders } from 'node:http';
import type { Rejection } from './http-checks.ts';
import { codes, isObject, type Message, metaOf } from './json-rpc.ts';
import { checkParameterHeaders, decodeHeader, type ParameterHeader } from './parameter-headers.ts';

/** The stateless era: each request carries its revision and its client's capabilities (specification, 2026-07-28). */
const prefix = 'io.modelcontextprotocol';
const versionKey = `${prefix}/protocolVersion`;
const capabilitiesKey = `${prefix}/clientCapabilities`;
export const subscriptionKey = `${prefix}/subscriptionId`;

const stateless = '2026-07-28';

/** Where `Mcp-Name` is taken from. */
const nameMembers: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

const headerOf = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : undefined;
};

/** Whether a message belongs to the stateless era: its header says so, or its body claims any revision. */
export const isStateless = (headers: IncomingHttpHeaders, message: Message): boolean =>
  headerOf(headers, 'mcp-protocol-version') === stateless || metaOf(message)[versionKey] !== undefined;

/**
 * Whether a request carries all that the envelope must hold, for the revision that is spoken here. Only such a request
 * may be the first that a server on stdio sees, since that one decides the era of the connection.
 */
export const hasEnvelope = (message: Message): boolean =>
  metaOf(message)[versionKey] === stateless && isObject(metaOf(message)[capabilitiesKey]);

const mismatch = (detail: string): Rejection => ({ status: 400, code: codes.headerMismatch, detail });

/** What a server must hold against the body before it believes the headers; both must say the same. */
export function checkHeaders(
  headers: IncomingHttpHeaders,
  message: Message,
  parameters: readonly ParameterHeader[],
): Rejection | undefined {
  const claimed = metaOf(message)[versionKey];
  const version = headerOf(headers, 'mcp-protocol-version');
  if (version === undefined) return mismatch('The header MCP-Protocol-Version is missing.');
  if (claimed === undefined) {
    return { status: 400, code: codes.invalidParams, detail: `The body has no ${versionKey} in _meta.` };
  }
  if (claimed !== version) {
    return mismatch(`MCP-Protocol-Version is ${version}, the body says ${String(claimed)}.`);
  }
  const method = headerOf(headers, 'mcp-method');
  if (method !== message.method) return mismatch(`Mcp-Method is ${method}, the body says ${message.method}.`);
  const member = nameMembers[message.method ?? ''];
  if (member !== undefined) {
    const name = headerOf(headers, 'mcp-name');
    const named = message.params?.[member];
    if (named !== undefined && (name === undefined || decodeHeader(name) !== named)) {
      return mismatch(`Mcp-Name is ${name}, the body says ${String(named)}.`);
    }
  }
  const wrong = checkParameterHeaders(headers, message, parameters);
  return wrong === undefined ? undefined : mismatch(wrong);
}

/** The HTTP status that belongs to an error which a server on stdio answered. */
export function statusOf(answer: Message, request: Message): number {
  const code = answer.error?.code;
  if (code === codes.methodNotFound) return 404;
  if (code === codes.invalidParams) return hasEnvelope(request) ? 200 : 400;
  const bad: readonly (number | undefined)[] = [
    codes.parseError,
    codes.invalidRequest,
    codes.headerMismatch,
    codes.missingCapability,
    codes.unsupportedVersion,
  ];
  return bad.includes(code) ? 400 : 200;
}
