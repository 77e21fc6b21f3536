import { createHmac } from 'node:crypto';
import { memberBytes, memberValue, type RequestMessage } from '@mcp-acp/mcp/message';
import { type Slot, slot } from '@mcp-acp/mcp/strict/slots';
import type { CompiledPolicy } from '@mcp-acp/policy/compile-policy';
import type { Decision } from '@mcp-acp/policy/decide';
import type { Rule } from '@mcp-acp/policy/policy';
import { canonicalJson, isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { outsideStrings } from '@mcp-acp/shared/json-text';
import type { EnforcementContext } from '../context.ts';
import type { Decided } from '../stages/stage-results.ts';
import { placesAskedAbout } from './places-asked-about.ts';

/** What a "yes" is bound to. Two requests with the same digest are the same in everything a person decides on. */
export interface Binding {
  /** HMAC-SHA-256, 64 hex digits, over all of it, arguments included, under a secret of this instance. */
  readonly digest: string;
  /** All of it but the arguments: what a grant that reaches further is bound to. */
  readonly kind: string;
  /** The rules that asked, with everything they say. */
  readonly rules: AskingRules;
}

export interface AskingRules {
  readonly ids: readonly string[];
  readonly text: string;
}

/**
 * Binds a request to its subject, method, name or URI, the tool's definition as last listed, all its parameters, the places
 * they lead to now (a link that is moved makes another question), the rules that asked, and whether a limit asked. `_meta` is left out, and in a round of a call that goes on
 * what differs from round to round: `requestState` and `inputResponses`.
 */
export function bindingOf(context: EnforcementContext, decided: Decided, secret: Buffer): Binding {
  const { classified, verdict } = decided;
  const { received, subject } = classified.identified;
  const { message, from } = received;
  const { toolName, promptName, uri } = classified.access?.request ?? {};
  const rules = askingRules(context.policies.current(), verdict?.decision);
  const kind = [
    subject.id,
    from,
    message.method,
    toolName ?? promptName ?? uri ?? '',
    toolName === undefined ? '' : (context.tools.get(toolName)?.digest ?? 'never seen'),
    rules.text,
    verdict?.limited === true ? 'limited' : '',
  ];
  const { operands, mentions } = placesAskedAbout(context.policies.current(), decided);
  const places = new Set([...operands, ...mentions].flatMap(({ readings }) => readings));
  const isRound = context.rounds.isRound(message);
  return {
    kind: mac(secret, kind),
    digest: mac(secret, [...kind, ...parametersOf(message, isRound), ...[...places].sort()]),
    rules,
  };
}

const mac = (secret: Buffer, parts: readonly string[]): string =>
  createHmac('sha256', secret).update(canonicalJson(parts)).digest('hex');

function askingRules(policy: CompiledPolicy, decision: Decision | undefined): AskingRules {
  const ids = (decision?.matched ?? []).filter(({ effect }) => effect === 'ask').map(({ rule }) => rule);
  return { ids, text: rulesAsTheyAre(policy, ids) };
}

/** Everything those rules say now: a changed rule is another one. */
export function rulesAsTheyAre(policy: CompiledPolicy, ids: readonly string[]): string {
  const rules: Rule[] = policy.rules.flatMap(({ rule }) => (ids.includes(rule.id) ? [rule] : []));
  return canonicalJson(rules);
}

/** Numbers that a parser could make another value of: too long, fractions, exponents, minus zero. */
const delicateNumber = /\d{16}|\d[.eE]|-0/;

function isDelicate(json: string): boolean {
  for (const text of outsideStrings(json)) if (delicateNumber.test(text)) return true;
  return false;
}

/**
 * The parameters, with the order of keys and white space left out where that is safe: values that are equal only to a
 * parser that loses digits are compared as the bytes they are.
 */
function parametersOf(message: RequestMessage, isRound: boolean): readonly string[] {
  const { arguments: given, ...rest } = asked(message, isRound);
  const givenBytes = memberBytes(message, slot.arguments)?.toString('utf8') ?? '';
  const restBytes = bytesWithout(message, [slot.arguments, slot.meta]);
  return [
    isDelicate(givenBytes) ? givenBytes : canonicalJson(given),
    isDelicate(restBytes) ? restBytes : canonicalJson(rest),
  ];
}

/** The bytes of the parameters without those of some members' values. */
function bytesWithout(message: RequestMessage, members: readonly Slot[]): string {
  const { line, spans } = message;
  let at = spans[slot.params * 2] ?? -1;
  const end = spans[slot.params * 2 + 1] ?? -1;
  if (at === -1) return '';
  const cuts = members
    .map((member) => [spans[member * 2] ?? -1, spans[member * 2 + 1] ?? -1] as const)
    .filter(([from]) => from !== -1)
    .sort(([one], [other]) => one - other);
  let kept = '';
  for (const [from, to] of [...cuts, [end, end] as const]) {
    kept += line.toString('utf8', at, from);
    at = to;
  }
  return kept;
}

function asked(message: RequestMessage, isRound: boolean): Record<string, JsonValue> {
  const params = memberValue(message, slot.params);
  if (!isJsonObject(params)) return {};
  const { _meta, ...all } = params;
  if (!isRound) return all;
  const { requestState, inputResponses, ...rest } = all;
  return rest;
}
