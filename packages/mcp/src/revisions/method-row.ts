import type { MessageClass, Sender } from '@mcp-acp/shared/journal-record';

/** What a method of the protocol is to an access decision. Notifications are not requests and carry no class of their own. */
export interface MethodRow {
  readonly kind: 'request' | 'notification';
  /** Who may send it: the client, the server, or either. */
  readonly from: Sender | 'either';
  readonly class: Extract<MessageClass, 'discovery' | 'access' | 'notification'>;
}

/** One revision of the Model Context Protocol: its methods and the facts a relay depends on. */
export interface Revision {
  readonly name: string;
  /** Stateful: initialize and sessions. Stateless: each request carries its own envelope in `_meta`. */
  readonly era: 'stateful' | 'stateless';
  /** JSON-RPC batches are legal. */
  readonly batches: boolean;
  readonly methods: Readonly<Record<string, MethodRow>>;
}

export const discovery = (from: MethodRow['from'] = 'client'): MethodRow => ({
  kind: 'request',
  from,
  class: 'discovery',
});
export const access = (from: MethodRow['from'] = 'client'): MethodRow => ({
  kind: 'request',
  from,
  class: 'access',
});
export const notification = (from: MethodRow['from']): MethodRow => ({
  kind: 'notification',
  from,
  class: 'notification',
});
