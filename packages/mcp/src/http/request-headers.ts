import { isJsonObject } from '@mcp-acp/shared/json';
import { has, memberString, memberValue, type RequestMessage } from '../message.ts';
import { slot } from '../strict/slots.ts';
import { headerValue } from './header-value.ts';

/** Methods of the tasks extension, whose requests are named by their task (SEP-2663). */
const taskMethods: ReadonlySet<string> = new Set(['tasks/get', 'tasks/update', 'tasks/cancel']);

/** Whether a request carries its own envelope: the stateless era. */
export const hasEnvelope = (message: RequestMessage): boolean => has(message, slot.metaProtocolVersion);

/**
 * The headers that repeat a stateless request's body, so that what is between can route it (2026-07-28, Streamable
 * HTTP, "Request Metadata"). They are derived from the body that was judged and from nothing else.
 */
export function metadataHeaders(message: RequestMessage): Record<string, string> {
  const revision = memberString(message, slot.metaProtocolVersion);
  const name = nameOf(message);
  return {
    ...(revision === undefined ? {} : { 'mcp-protocol-version': headerValue(revision) }),
    'mcp-method': headerValue(message.method),
    ...(name === undefined ? {} : { 'mcp-name': headerValue(name) }),
  };
}

function nameOf(message: RequestMessage): string | undefined {
  switch (message.method) {
    case 'tools/call':
    case 'prompts/get':
      return memberString(message, slot.name);
    case 'resources/read':
      return memberString(message, slot.uri);
    default:
      return taskMethods.has(message.method) ? taskOf(message) : undefined;
  }
}

function taskOf(message: RequestMessage): string | undefined {
  const params = memberValue(message, slot.params);
  return isJsonObject(params) && typeof params.taskId === 'string' ? params.taskId : undefined;
}
