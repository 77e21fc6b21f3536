import type { BatchMessage, ResponseMessage } from '@mcp-acp/mcp/message';
import type { Sender } from '@mcp-acp/shared/journal-record';
import { type EnforcementContext, otherSide } from '../context.ts';
import type { Exchange } from '../in-flight.ts';
import { alone } from '../input/batch-member.ts';
import { recordAnswer } from '../stages/record-outcome.ts';
import {
  deliverInspected,
  passesFilters,
  recordStray,
  takeAnswered,
  unrecorded,
  withhold,
} from './deliver-answer.ts';

interface Answered {
  readonly answer: ResponseMessage;
  readonly exchange: Exchange | undefined;
  readonly passes: boolean;
}

/**
 * A batch of answers is delivered whole, as the bytes that came, where every member answers a request and may be
 * delivered. Where one may not, the others go on as lines of their own.
 */
export function deliverBatch(context: EnforcementContext, from: Sender, batch: BatchMessage): void {
  const answered = batch.members
    .filter((member) => member.kind === 'response')
    .map((answer): Answered => {
      const exchange = takeAnswered(context, from, answer);
      return { answer, exchange, passes: exchange !== undefined && passesFilters(context, exchange, answer) };
    });
  if (answered.every(({ passes }) => passes)) return deliverWhole(context, from, { batch, answered });
  for (const { answer, exchange, passes } of answered) {
    if (exchange === undefined) recordStray(context, from, answer);
    else if (passes) deliverInspected(context, exchange, alone(answer));
    else withhold(context, exchange, answer);
  }
}

interface WholeBatch {
  readonly batch: BatchMessage;
  readonly answered: readonly Answered[];
}

function deliverWhole(context: EnforcementContext, from: Sender, { batch, answered }: WholeBatch): void {
  const exchanges = answered.flatMap(({ exchange }) => exchange ?? []);
  const seqs = answered.map(
    ({ answer, exchange }) => exchange && recordAnswer(context, exchange, { answer }),
  );
  const lost = (): void => {
    for (const exchange of exchanges) unrecorded(context, exchange);
  };
  const needs = seqs.at(-1);
  if (needs === undefined || seqs.includes(undefined)) return lost();
  context.sides[otherSide(from)].outbox.send({ line: batch.line, needs, durable: false, lost });
}
