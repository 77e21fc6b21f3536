import { memberString, type ResponseMessage } from '../message.ts';
import { slot } from '../strict/slots.ts';
import type { HeaderList } from './header-list.ts';

/** Session ids hold visible ASCII only (2025-11-25, Streamable HTTP, "Session Management"). */
const sessionIdForm = /^[\x21-\x7e]{1,4096}$/;
const revisionForm = /^[\x21-\x7e]{1,64}$/;

/** What is known of the conversation with a server of the stateful era. */
export interface HttpSession {
  /** The id the server gave, which every request repeats; undefined where it gave none. */
  readonly id: string | undefined;
  /** The client's own handshake, as bytes, to open the session again. */
  readonly initialize: Buffer | undefined;
  readonly initialized: Buffer | undefined;
  /** The client has sent `initialize`: whatever there was before is over. */
  begin(initialize: Buffer): void;
  /** The reply to `initialize` names a session. */
  opened(id: unknown): void;
  /** The server has answered `initialize`. False where it names another revision than before. */
  negotiated(answer: ResponseMessage): boolean;
  /** The client has sent `notifications/initialized`. */
  confirmed(initialized: Buffer): void;
  /** The headers of the session: its id and the negotiated revision. */
  headers(): HeaderList;
}

export function createHttpSession(): HttpSession {
  let id: string | undefined;
  let revision: string | undefined;
  let initialize: Buffer | undefined;
  let initialized: Buffer | undefined;
  let headers: HeaderList = [];

  const changed = (): void => {
    headers = [
      ...(id === undefined ? [] : ['mcp-session-id', id]),
      ...(revision === undefined ? [] : ['mcp-protocol-version', revision]),
    ];
  };

  return {
    get id() {
      return id;
    },
    get initialize() {
      return initialize;
    },
    get initialized() {
      return initialized;
    },
    begin: (bytes) => {
      initialize = bytes;
      initialized = undefined;
      id = undefined;
      revision = undefined;
      changed();
    },
    opened: (given) => {
      id = typeof given === 'string' && sessionIdForm.test(given) ? given : undefined;
      changed();
    },
    negotiated: (answer) => {
      const named = answer.failed ? undefined : memberString(answer, slot.serverProtocolVersion);
      if (named === undefined || !revisionForm.test(named)) return false;
      if (revision !== undefined && named !== revision) return false;
      revision = named;
      changed();
      return true;
    },
    confirmed: (bytes) => {
      initialized = bytes;
    },
    headers: () => headers,
  };
}
