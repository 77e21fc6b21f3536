import { hash } from 'node:crypto';
import type { JournalRecord, OutcomeBody } from '@mcp-acp/shared/journal-record';
import { limits } from '@mcp-acp/shared/limits';

/** The members of a record that many records share: what is searched for, and shown in a list. */
export const wordNames = [
  'proxy',
  'proxyName',
  'type',
  'event',
  'from',
  'class',
  'method',
  'tool',
  'prompt',
  'client',
  'subject',
  'decidedBy',
  'effect',
  'disposition',
  'reason',
  'status',
  'outcomeReason',
  'state',
  'detail',
] as const;
type WordName = (typeof wordNames)[number];

/** Their columns in `shapes`, in the same order. */
export const wordColumns: readonly string[] = wordNames.map((name) =>
  name === 'from' ? 'sender' : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
);

/** As they are read from `shapes` under an alias. */
export const selectWords = (alias: string): string =>
  wordNames.map((name, index) => `${alias}.${wordColumns[index]} AS "${name}"`).join(', ');

/** What does not apply is null. `status` and `outcomeReason` of a decision are those of its outcome. */
export type RecordWords = {
  readonly [Name in Exclude<WordName, 'proxy' | 'proxyName' | 'type'>]: string | null;
} & {
  /** The proxy's id. */
  readonly proxy: string;
  readonly proxyName: string;
  readonly type: string;
};

const cut = (value: unknown): string | null =>
  typeof value !== 'string'
    ? null
    : value.length > limits.quotedText
      ? value.slice(0, limits.quotedText)
      : value;

/** The words of a record by itself. A record of a type that is not known yet has those it shares with others. */
export function wordsOf(record: JournalRecord): RecordWords {
  const member = record as unknown as Readonly<Record<string, unknown>>;
  return {
    proxy: cut(record.proxyId) ?? '',
    proxyName: cut(record.proxyName) ?? '',
    type: cut(record.type) ?? '',
    event: cut(member.event),
    from: cut(member.from),
    class: cut(member.class),
    method: cut(member.method),
    tool: cut(member.tool),
    prompt: cut(member.prompt),
    client: cut(member.client),
    subject: cut(member.subject ?? (record.type === 'approval' ? member.by : undefined)),
    decidedBy: cut(member.decidedBy),
    effect: cut(member.effect),
    disposition: cut(member.disposition),
    reason: cut(reasonOf(record)),
    status: cut(member.status),
    outcomeReason: cut(record.type === 'outcome' ? member.reason : undefined),
    state: cut(record.type === 'decision' ? answeredBy(member.grant) : member.state),
    detail: cut(member.detail ?? member.problem ?? member.error),
  };
}

/** Whether a person was asked about this call, or had said before what is to become of it. */
const answeredBy = (grant: unknown): string | undefined => (grant === undefined ? undefined : 'by_grant');

/** Of an answer it is by which way it came; an outcome's stands apart from its decision's. */
function reasonOf(record: JournalRecord): unknown {
  switch (record.type) {
    case 'incident':
      return record.code;
    case 'approval':
      return record.channel;
    case 'outcome':
      return undefined;
    default:
      return (record as unknown as Readonly<Record<string, unknown>>).reason;
  }
}

/** A decision's words once its outcome is known. */
export const withOutcome = (decision: RecordWords, outcome: OutcomeBody): RecordWords => ({
  ...decision,
  status: cut(outcome.status),
  outcomeReason: cut(outcome.reason),
});

export const withoutOutcome = (decision: RecordWords): RecordWords => ({
  ...decision,
  status: null,
  outcomeReason: null,
});

/** An outcome's words where its decision is known: also what the decision was about. */
export const asOutcome = (decision: RecordWords, outcome: OutcomeBody): RecordWords => ({
  ...withOutcome(decision, outcome),
  type: 'outcome',
});

/** The same text for the same words. */
export const wordsKey = (words: RecordWords): string => JSON.stringify(wordNames.map((name) => words[name]));

/** What is searched for text, in lower case: a term never reaches from one word into the next. */
export const wordsText = (words: RecordWords): string =>
  wordNames
    .flatMap((name) => (name === 'proxy' ? [] : (words[name] ?? [])))
    .join('\n')
    .toLowerCase();

/** A number for a key, the same wherever and whenever it is made. 52 bits, so that it is exact as a number. */
export const digestNumber = (key: string): number =>
  Number.parseInt(hash('sha256', key, 'hex').slice(0, 13), 16);
