import { refusedAnswer, sendAnswer } from '../answers/answer-refused.ts';
import { type EnforcementContext, otherSide } from '../context.ts';
import type { Exchange } from '../in-flight.ts';
import { recordEnd } from './record-outcome.ts';
import type { Recorded } from './stage-results.ts';

/** Hands a recorded request to the other side, as the bytes that came in, once its intent is where it must be. */
export function forward(context: EnforcementContext, { permitted, exchange, durable }: Recorded): void {
  const { message } = permitted.decided.classified.identified.received;
  context.sides[exchange.from].inFlight.add(exchange);
  context.sides[otherSide(exchange.from)].outbox.send({
    line: message.line,
    needs: exchange.decision,
    durable,
    // Cancelled or answered as timed out while it waited: then it must not leave any more.
    stillWanted: () => context.sides[exchange.from].inFlight.get(exchange.id) === exchange,
    left: () => {
      exchange.forwardedMs = context.clock.monotonicMs();
    },
    lost: () => notSent(context, exchange),
  });
}

/** The intent could not be made durable: the request never left, and whoever sent it is told so. */
export function notSent(context: EnforcementContext, exchange: Exchange): void {
  if (context.sides[exchange.from].inFlight.take(exchange.id) === undefined) return;
  const seq = recordEnd(context, exchange, { status: 'not_sent', reason: 'journal_unavailable' });
  const line = refusedAnswer(context, exchange, { code: 'journal_unavailable' });
  sendAnswer(context, exchange.from, { line, needs: seq ?? 0 });
}
