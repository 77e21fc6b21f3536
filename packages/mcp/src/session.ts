import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';
import { memberString, memberValue, type RequestMessage, type ResponseMessage } from './message.ts';
import type { Revision } from './revisions/method-row.ts';
import { revisionNamed } from './revisions/revision-table.ts';
import { slot } from './strict/slots.ts';

/** Who a peer said it is. Hostile text, cut to `limits.quotedText`. */
export interface Implementation {
  readonly name: string;
  readonly version?: string;
}

/**
 * What is known about the conversation on one wire. It is read from what passes and never answered for: the era is
 * what the client's messages are, the revision of a stateful session is the one the server's answer to `initialize`
 * names.
 */
export interface SessionState {
  readonly era: Revision['era'] | undefined;
  /** Name of the revision in force, known to this build or not. */
  readonly revision: string | undefined;
  readonly client: Implementation | undefined;
  readonly server: Implementation | undefined;
}

export interface Session {
  state(): SessionState;
  /** Whether a batch may be sent now (revision 2025-03-26 only). */
  allowsBatches(): boolean;
  /** Reads a request of the client. True where the client or the era became known or changed. */
  sawRequest(message: RequestMessage): boolean;
  /** Reads the answer to the client's `initialize`. True where it settled a revision. */
  sawInitializeResult(message: ResponseMessage): boolean;
}

export function createSession(): Session {
  let state: SessionState = { era: undefined, revision: undefined, client: undefined, server: undefined };

  const sawRequest = (message: RequestMessage): boolean => {
    if (message.method === 'initialize') {
      const client = implementation(memberValue(message, slot.clientInfo)) ?? state.client;
      state = { era: 'stateful', revision: undefined, client, server: undefined };
      return true;
    }
    // Most requests of a stateful session have no `_meta` protocol version: two comparisons and done.
    if (message.spans[slot.metaProtocolVersion * 2] === -1) return false;
    const revision = quoted(memberString(message, slot.metaProtocolVersion));
    if (revision === undefined || (state.era === 'stateless' && state.revision === revision)) return false;
    const client = implementation(memberValue(message, slot.metaClientInfo)) ?? state.client;
    state = { era: revisionNamed(revision)?.era ?? 'stateless', revision, client, server: state.server };
    return true;
  };

  const sawInitializeResult = (message: ResponseMessage): boolean => {
    if (message.failed) return false;
    const revision = quoted(memberString(message, slot.serverProtocolVersion));
    if (revision === undefined) return false;
    state = { ...state, revision, server: implementation(memberValue(message, slot.serverInfo)) };
    return true;
  };

  return {
    state: () => state,
    allowsBatches: () =>
      state.era === 'stateful' &&
      state.revision !== undefined &&
      revisionNamed(state.revision)?.batches === true,
    sawRequest,
    sawInitializeResult,
  };
}

const quoted = (text: string | undefined): string | undefined => text?.slice(0, limits.quotedText);

function implementation(value: JsonValue | undefined): Implementation | undefined {
  if (!isJsonObject(value) || typeof value.name !== 'string') return undefined;
  const name = value.name.slice(0, limits.quotedText);
  return typeof value.version === 'string'
    ? { name, version: value.version.slice(0, limits.quotedText) }
    : { name };
}
