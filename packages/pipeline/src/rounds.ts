import { hash } from 'node:crypto';
import { memberBytes, memberString, type RequestMessage, type ResponseMessage } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import type { Exchange, Yes } from './in-flight.ts';

/**
 * Ties the rounds of one call together (revision 2026-07-28, SEP-2322): an answer of type `input_required` issues a
 * `requestState`; the request that returns it, with its arguments unchanged, continues the call. Single use. A changed
 * argument makes it a new call.
 */
export interface Rounds {
  /** Remembers the state an answer issues, under the decision of the call's first round. */
  issued(exchange: Exchange, answer: ResponseMessage): void;
  /** The seq of the decision this request continues, or undefined for a new call. It can be continued once. */
  continued(request: RequestMessage): number | undefined;
  /** Whether it returns a state that an answer issued here. */
  isRound(request: RequestMessage): boolean;
  /** The yes that the call this request continues was given to this very digest. It can be taken once. */
  takeYes(request: RequestMessage, digest: string): Yes | undefined;
}

interface OpenRound {
  readonly decision: number;
  yes: Yes | undefined;
}

/** Calls that wait for another round at once; the oldest is forgotten first. */
const maxOpenRounds = 1024;

export function createRounds(): Rounds {
  const open = new Map<string, OpenRound>();
  return {
    issued: (exchange, answer) => {
      const state = memberString(answer, slot.resultRequestState);
      if (state === undefined || exchange.argumentsDigest === undefined) return;
      if (open.size >= maxOpenRounds) open.delete(open.keys().next().value as string);
      const key = `${hash('sha256', state, 'hex')} ${exchange.argumentsDigest}`;
      open.set(key, { decision: exchange.firstRound, yes: exchange.yes });
    },
    continued: (request) => {
      const key = keyOf(request);
      if (key === undefined) return undefined;
      const round = open.get(key);
      open.delete(key);
      return round?.decision;
    },
    isRound: (request) => {
      const key = keyOf(request);
      return key !== undefined && open.has(key);
    },
    takeYes: (request, digest) => {
      const key = keyOf(request);
      const round = key === undefined ? undefined : open.get(key);
      const yes = round?.yes;
      if (round === undefined || yes?.digest !== digest) return undefined;
      round.yes = undefined;
      return yes;
    },
  };
}

function keyOf(request: RequestMessage): string | undefined {
  const state = memberString(request, slot.requestState);
  return state === undefined ? undefined : `${hash('sha256', state, 'hex')} ${argumentsDigest(request)}`;
}

/** Digest of what a round asks for: method, name or URI, and the exact bytes of its arguments. */
export function argumentsDigest(request: RequestMessage): string {
  const parts = [slot.name, slot.uri, slot.arguments].map(
    (at) => memberBytes(request, at) ?? Buffer.alloc(0),
  );
  return hash(
    'sha256',
    Buffer.concat([Buffer.from(`${request.method}\0`), ...parts.flatMap((part) => [part, zero])]),
    'hex',
  );
}
const zero = Buffer.from([0]);
