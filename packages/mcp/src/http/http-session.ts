import { memberString, type ResponseMessage } from '../message.ts';
import { slot } from '../strict/slots.ts';
import type { HeaderList } from './header-list.ts';

/** Session ids hold visible ASCII only (2025-11-25, Streamable HTTP, "Session Management"). */
const sessionIdForm = /^[\x21-\x7e]{1,4096}$/;
const revisionForm = /^[\x21-\x7e]{1,64}$/;

/** The id a server may give a session, from the header of its reply to `initialize`; undefined where it gives none. */
export const sessionIdOf = (header: unknown): string | undefined =>
  typeof header === 'string' && sessionIdForm.test(header) ? header : undefined;

/** The revision an answer to `initialize` settles on, or undefined for one that settles nothing. */
export function revisionOf(answer: ResponseMessage): string | undefined {
  const named = answer.failed ? undefined : memberString(answer, slot.serverProtocolVersion);
  return named !== undefined && revisionForm.test(named) ? named : undefined;
}

/**
 * What is known of the conversation with a server of the stateful era. It begins with the client's `initialize`, may be
 * found ended by the server, and is then opened again or stays ended: nothing is sent outside of it.
 */
export interface HttpSession {
  /** Goes up whenever a session is adopted: two messages of one number belong to one session. */
  readonly generation: number;
  readonly id: string | undefined;
  readonly hasEnded: boolean;
  readonly revision: string | undefined;
  /** The client's own handshake, as bytes, to open the session again. */
  readonly initialize: Buffer | undefined;
  readonly initialized: Buffer | undefined;
  /** The client sends `initialize`: whatever there was before is over. */
  begin(initialize: Buffer): void;
  /** The reply to the client's own `initialize` names a session. */
  named(id: string | undefined): void;
  /** The client's own `initialize` is answered; without a revision it has come to nothing. */
  answered(revision: string | undefined): void;
  /** The server has taken the client's `notifications/initialized`. */
  confirmed(initialized: Buffer): void;
  /** The server does not know it any more. */
  ended(): void;
  /** It has been opened again, with the revision it had. */
  adopt(id: string | undefined): void;
  /** The headers of the session: its id and the negotiated revision. */
  headers(): HeaderList;
}

export function createHttpSession(): HttpSession {
  let generation = 0;
  let id: string | undefined;
  let revision: string | undefined;
  let hasEnded = false;
  let initialize: Buffer | undefined;
  let initialized: Buffer | undefined;
  let headers: HeaderList = [];

  const become = (newId: string | undefined, newRevision: string | undefined): void => {
    id = newId;
    revision = newRevision;
    headers = sessionHeaders(id, revision);
  };

  return {
    get generation() {
      return generation;
    },
    get id() {
      return id;
    },
    get hasEnded() {
      return hasEnded;
    },
    get revision() {
      return revision;
    },
    get initialize() {
      return initialize;
    },
    get initialized() {
      return initialized;
    },
    begin: (bytes) => {
      generation++;
      hasEnded = false;
      initialize = bytes;
      initialized = undefined;
      become(undefined, undefined);
    },
    named: (given) => become(given, revision),
    answered: (settled) => {
      // A handshake that failed is nothing to repeat.
      if (settled === undefined) initialize = undefined;
      become(id, settled);
    },
    confirmed: (bytes) => {
      initialized = bytes;
    },
    ended: () => {
      hasEnded = true;
    },
    adopt: (given) => {
      generation++;
      hasEnded = false;
      become(given, revision);
    },
    headers: () => headers,
  };
}

export const sessionHeaders = (id: string | undefined, revision: string | undefined): HeaderList => [
  ...(id === undefined ? [] : ['mcp-session-id', id]),
  ...(revision === undefined ? [] : ['mcp-protocol-version', revision]),
];
