import { isEndOfApproval } from '@mcp-acp/shared/live/approval-end';
import type { HistoryRecord } from '../answers.ts';
import type { JournalFields } from './journal-fields.ts';

/** How a call came to be let through or refused without, or after, a question. */
export type AnsweredBy = 'person' | 'earlier answer' | 'grant' | 'mute';

/** So many records are read to find the one that is meant. */
const mostRead = 8;

/**
 * Records among which the one that ended a call's question must be: those of the same request first, since only reading a
 * record shows which question it belongs to. `newestFirst`: those of approvals up to the decision.
 */
export function likelyAnswers(
  newestFirst: readonly HistoryRecord[],
  requestId: string | undefined,
): readonly HistoryRecord[] {
  const answers = newestFirst.filter(({ event }) => isEndOfApproval(event));
  const isSame = (record: HistoryRecord): boolean =>
    requestId !== undefined && record.requestId === requestId;
  return [...answers.filter(isSame), ...answers.filter((record) => !isSame(record))].slice(0, mostRead);
}

/** Records among which the one that made a grant must be. */
export const likelyGrants = (newestFirst: readonly HistoryRecord[]): readonly HistoryRecord[] =>
  newestFirst.filter(({ event }) => event === 'grant_made').slice(0, mostRead);

/** `made`: the record of the grant, where it was found. */
export function answeredBy(decision: JournalFields, made: JournalFields | undefined): AnsweredBy {
  if (decision.text('grant') === undefined) return 'person';
  const effect = made?.text('effect') ?? (decision.text('reason') === 'person_denied' ? 'deny' : 'allow');
  if (effect === 'deny') return 'mute';
  return made?.text('scope') === 'call' ? 'earlier answer' : 'grant';
}

const reaches: Readonly<Record<string, string>> = {
  call: 'the next attempt of one call',
  exact: 'these exact arguments',
  path: 'a path or folder',
  tool: 'the whole tool',
};

export const reachInWords = (scope: string | undefined): string | undefined =>
  scope === undefined ? undefined : Object.hasOwn(reaches, scope) ? reaches[scope] : scope;
