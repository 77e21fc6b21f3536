import { layOutJson } from '@mcp-acp/shared/json-layout';
import { limits } from '@mcp-acp/shared/limits';
import type { ApprovalCard, Destination, GrantOffer, PendingApproval } from '@mcp-acp/shared/live/approval';
import { shownText, withoutLongBlanks } from './shown-text.ts';

/** One thing a person decides on. Both are safe to show as text. */
export interface ApprovalFact {
  readonly label: string;
  readonly text: string;
}

/** As long as anything the API lets through: what is decided on is shown whole. */
const whole = 16_384;
const shown = (text: string): string => shownText(text, whole);

/** What is asked for, in the order in which it matters, but for the arguments. */
export function approvalFacts(question: PendingApproval): readonly ApprovalFact[] {
  const { proxy, client, clientVersion, subject, tool, title, prompt, resource, method, rule } = question;
  const facts: (readonly [label: string, text: string | undefined])[] = [
    ['Tool', tool],
    ['Title', title],
    ['Definition', question.definition === undefined ? undefined : definitions[question.definition]],
    ['Prompt', prompt],
    ['Resource', resource],
    ['Method', method],
    ['Asked by', question.from === 'server' ? 'the server, of the client' : undefined],
    ['Proxy', proxy.name],
    ['Client', client === undefined ? undefined : [client, clientVersion].join(' ').trim()],
    ['Subject', subject],
    ['Does', wordList(question.operations)],
    ['Effects', wordList(question.sideEffects)],
    ['Limit', question.limited ? 'A rate limit was reached' : undefined],
    ['Rule', ruleText(rule, question.ruleDescription)],
    ['Approval', question.via === undefined ? undefined : `only by ${question.via.join(' or ')}`],
  ];
  const known = facts.flatMap(([label, text]) =>
    text === undefined || text === '' ? [] : [{ label, text: shown(text) }],
  );
  const places = question.destinations.map((destination) => ({
    label: destination.kind === 'path' ? 'Path' : 'Host',
    text: destinationText(destination),
  }));
  const unlisted = question.destinationCount - question.destinations.length;
  const more = unlisted > 0 ? [{ label: 'Places', text: `and ${unlisted} more, in the arguments` }] : [];
  return [...known, ...places, ...more];
}

const definitions = {
  never_seen: 'not listed by the server before this call',
  known: 'as it was listed before',
  changed: 'CHANGED since it was listed first',
} as const;

const wordList = (words: readonly string[]): string | undefined =>
  words.length === 0 ? undefined : words.join(', ').replaceAll('_', ' ');

const ruleText = (rule: string | undefined, description: string | undefined): string | undefined =>
  rule === undefined || description === undefined ? rule : `${rule}: ${description}`;

export function destinationText({ text, resolved, role, mentioned }: Destination): string {
  const leads = resolved === undefined || resolved === text ? '' : ` → ${shown(resolved)}`;
  const notes = [
    ...(role === 'source' ? ['source'] : role === 'dest' ? ['destination'] : []),
    ...(mentioned ? ['within a longer text'] : []),
  ];
  return withoutLongBlanks(`${shown(text)}${leads}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`);
}

/** What lies deeper is indented as this is: an indent of ours must not push a text away either. Blanks. */
const deepestIndent = 24;

/** JSON text of the arguments as lines that can be shown, each in its indent. */
export const argumentLines = (json: string): readonly string[] =>
  layOutJson(json).map((line) => {
    const text = line.replace(/^ +/, '');
    return `${' '.repeat(Math.min(line.length - text.length, deepestIndent))}${shownText(text, Number.POSITIVE_INFINITY)}`;
  });

/** Which call a question is about, in a few words: the tool, else what else it names, else the method. */
export const askedFor = ({ tool, prompt, resource, method }: AskedFor, most = 120): string =>
  shownText(tool ?? prompt ?? resource ?? method, most);

/** The same in a sentence of ours: quoted, so that words of an agent are not taken for ours. */
export const quotedCall = (question: AskedFor, most = 60): string =>
  `"${askedFor(question, most).replaceAll('"', '\\"')}"`;

type AskedFor = Pick<PendingApproval, 'tool' | 'prompt' | 'resource' | 'method'>;

/** A reach the rule lets an approval have, in words. */
export function offerText({ scope, path, folder, mostMs, mostUses }: GrantOffer): string {
  const what =
    scope === 'exact'
      ? 'these exact arguments'
      : scope === 'tool'
        ? 'this tool, whatever its arguments'
        : `${folder === true ? 'this folder and all in it' : 'this path'}: ${shown(path ?? '')}`;
  const uses = mostUses === undefined ? '' : `, at most ${mostUses} ${mostUses === 1 ? 'use' : 'uses'}`;
  return `${what}, ${mostMs === undefined ? 'as long as the session' : `at most ${timeText(mostMs)}`}${uses}`;
}

/** A length of time in the two largest units that say something. */
export function timeText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  if (minutes > 0) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  return `${rest} s`;
}

/** All that is sent is in the card. What is sent besides the arguments is cut at a length, which only cut text has. */
export const isWhole = ({ arguments: text, argumentsLength, otherParameters = '' }: ApprovalCard): boolean =>
  text.length >= argumentsLength && otherParameters.length < limits.argumentsPage;
