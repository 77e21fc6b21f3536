import { createHmac } from 'node:crypto';
import { memberBytes, memberValue, type RequestMessage } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import type { CompiledPolicy } from '@mcp-acp/policy/compile-policy';
import type { Decision } from '@mcp-acp/policy/decide';
import type { Rule } from '@mcp-acp/policy/policy';
import { canonicalJson, isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import type { EnforcementContext } from '../context.ts';
import type { Decided } from '../stages/stage-results.ts';

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
 * Binds a request to its subject, method, name or URI, the tool's definition as last listed, all its parameters and the
 * rules that asked. `_meta`, `requestState` and `inputResponses` are left out: they differ from round to round.
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
  ];
  return {
    kind: mac(secret, kind),
    digest: mac(secret, [...kind, ...parametersOf(message)]),
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

/**
 * The parameters, with the order of keys and white space left out where that is safe: values that are equal only to a
 * parser that loses digits are compared as the bytes they are.
 */
function parametersOf(message: RequestMessage): readonly string[] {
  const bytes = memberBytes(message, slot.params)?.toString('utf8') ?? '';
  if (!delicateNumber.test(bytes)) return [canonicalJson(asked(message))];
  const given = memberBytes(message, slot.arguments)?.toString('utf8') ?? '';
  const rest = { ...asked(message) };
  delete rest.arguments;
  // Delicate outside the arguments too: then nothing short of the same bytes is the same.
  const others = canonicalJson(rest);
  return delicateNumber.test(others) ? [others, bytes] : [others, given];
}

function asked(message: RequestMessage): Record<string, JsonValue> {
  const params = memberValue(message, slot.params);
  if (!isJsonObject(params)) return {};
  const { _meta, requestState, inputResponses, ...rest } = params;
  return rest;
}
