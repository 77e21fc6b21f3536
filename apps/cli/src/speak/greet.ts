import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import type { Conversation, Era, Reply, Welcome } from './conversation.ts';
import { type Exchange, withMeta } from './exchange.ts';

/** The newest revision of each era: what a client of today would ask for. */
const revisions = { stateful: '2025-11-25', stateless: '2026-07-28' } as const satisfies Record<Era, string>;

export type Greeting =
  | { readonly ok: true; readonly conversation: Conversation }
  | { readonly ok: false; readonly reply: Exclude<Reply, { readonly kind: 'result' }> };

/**
 * Greets the other side: `initialize` in the stateful era; `server/discover` in the stateless one, whose requests each
 * carry an envelope instead.
 */
export async function greet(
  exchange: Exchange,
  era: Era,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<Greeting> {
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': revisions.stateless,
    'io.modelcontextprotocol/clientInfo': { name, version },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const stateless: Conversation['request'] = (method, members, onProgress) =>
    exchange.request(method, withMeta(members, envelope), onProgress);
  const reply =
    era === 'stateless'
      ? await stateless('server/discover', {})
      : await exchange.request('initialize', {
          protocolVersion: JSON.stringify(revisions.stateful),
          capabilities: '{}',
          clientInfo: JSON.stringify({ name, version }),
        });
  if (reply.kind !== 'result') return { ok: false, reply };
  if (era === 'stateful') exchange.notify('notifications/initialized');
  return {
    ok: true,
    conversation: {
      welcome: welcomeOf(reply.value, era),
      request: era === 'stateless' ? stateless : exchange.request,
    },
  };
}

function welcomeOf(result: JsonValue, era: Era): Welcome {
  if (!isJsonObject(result)) return { capabilities: {} };
  const meta = isJsonObject(result._meta) ? result._meta : {};
  const info = meta['io.modelcontextprotocol/serverInfo'] ?? result.serverInfo;
  const server =
    isJsonObject(info) && typeof info.name === 'string'
      ? { name: info.name, version: typeof info.version === 'string' ? info.version : '' }
      : undefined;
  const revision = era === 'stateless' ? revisions.stateless : result.protocolVersion;
  return {
    ...(server === undefined ? {} : { server }),
    ...(typeof revision === 'string' ? { revision } : {}),
    capabilities: isJsonObject(result.capabilities) ? result.capabilities : {},
  };
}
