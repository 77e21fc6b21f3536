import { idKey, type RequestId } from '@mcp-acp/mcp/message';
import type { Sender } from '@mcp-acp/shared/journal-record';

/** What a person said yes to: the binding's digest, and the question. */
export interface Yes {
  readonly digest: string;
  readonly approval: string | undefined;
  /** The grant that spoke for it; what rides on it ends when that is taken back. */
  readonly grant?: string | undefined;
}

/** A request on its way to the other side, until it is answered. */
export interface Exchange {
  readonly id: RequestId;
  /** The id as JSON text, as the journal shows it. */
  readonly requestId: string;
  readonly from: Sender;
  readonly method: string;
  readonly tool: string | undefined;
  /** Seq of the record that holds its intent. */
  readonly decision: number;
  /** Seq of the first round's decision, where this request continues a call. */
  readonly firstRound: number;
  readonly receivedMs: number;
  /** When it was handed to the other side; undefined before that. */
  forwardedMs: number | undefined;
  /** When the other side last gave a sign of life for it. */
  lastSignMs: number;
  /** Progress notifications that came for it. */
  progress: number;
  readonly progressToken: RequestId | undefined;
  cancelled: boolean;
  /** It left, or will leave, as part of a batch and cannot be withdrawn alone. */
  readonly inBatch: boolean;
  /** For a call's first round: binds a later round to it. */
  readonly argumentsDigest: string | undefined;
  /** What a person said yes to, for the rounds that follow. */
  readonly yes: Yes | undefined;
  /** It asks for a further page of a list. */
  readonly pagesOn: boolean;
}

/** Requests one peer has sent and not been answered for. Ids are kept apart by type. */
export interface InFlight {
  add(exchange: Exchange): void;
  has(id: RequestId): boolean;
  get(id: RequestId): Exchange | undefined;
  byProgressToken(token: RequestId): Exchange | undefined;
  /** Removes and returns it: whoever takes an exchange answers it. */
  take(id: RequestId): Exchange | undefined;
  all(): readonly Exchange[];
  size(): number;
}

export function createInFlight(): InFlight {
  const byId = new Map<string | number, Exchange>();
  const byToken = new Map<string | number, Exchange>();
  return {
    add: (exchange) => {
      byId.set(idKey(exchange.id), exchange);
      if (exchange.progressToken !== undefined) byToken.set(idKey(exchange.progressToken), exchange);
    },
    has: (id) => byId.has(idKey(id)),
    get: (id) => byId.get(idKey(id)),
    byProgressToken: (token) => byToken.get(idKey(token)),
    take: (id) => {
      const key = idKey(id);
      const exchange = byId.get(key);
      if (exchange === undefined) return undefined;
      byId.delete(key);
      const { progressToken } = exchange;
      // Another request may have taken the token over meanwhile.
      if (progressToken !== undefined && byToken.get(idKey(progressToken)) === exchange) {
        byToken.delete(idKey(progressToken));
      }
      return exchange;
    },
    all: () => [...byId.values()],
    size: () => byId.size,
  };
}
