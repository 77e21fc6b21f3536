import { type NewRule, ruleIdProblem } from '@mcp-acp/admin/add-rule';
import { effects } from '@mcp-acp/policy/policy';
import { AcpError } from '@mcp-acp/shared/errors';
import type { JsonValue } from '@mcp-acp/shared/json';
import { askChoice, askText } from '../../ask.ts';
import type { Cli } from '../../cli.ts';
import type { Input } from '../../command-spec.ts';

const shortcuts = { tool: 'tool_name', path: 'path_pattern', operation: 'operations' } as const;

/** The rule that was typed, asking on a terminal for what is missing. Throws AcpError('usage'). */
export async function newRule(cli: Cli, input: Input, policyText: string): Promise<NewRule> {
  const when = typedConditions(input);
  let effect = input.option('effect');
  if (cli.interactive) {
    effect ??= await askChoice(
      'What should happen?',
      effects.map((value) => ({ value, name: value })),
    );
    if (Object.keys(when).length === 0) {
      const tool = await askText('Which tools (a name or pattern, empty for any):');
      const path = await askText('Which paths (a pattern such as ~/project/**, empty for any):');
      if (tool.trim() !== '') when.tool_name = tool.trim();
      if (path.trim() !== '') when.path_pattern = path.trim();
    }
  }
  if (effect === undefined) throw missing('--effect is missing: allow, ask or deny.');
  if (Object.keys(when).length === 0) throw missing('A rule needs a condition.');
  const id = input.option('id') ?? freeId(policyText, suggestedId(effect, when));
  const taken = ruleIdProblem(policyText, id);
  if (taken !== undefined) throw new AcpError('usage', taken, { fix: 'Choose another: --id ID' });
  const description = input.option('description');
  const grant = typedGrant(input);
  return {
    id,
    effect,
    ...(description === undefined ? {} : { description }),
    when,
    ...(grant === undefined ? {} : { grant }),
  };
}

const missing = (message: string) =>
  new AcpError('usage', message, { fix: "For example: mcp-acp policy add --effect allow --tool 'read_*'" });

function typedConditions(input: Input): Record<string, JsonValue> {
  const typed = [
    ...Object.entries(shortcuts).flatMap(([option, key]) =>
      input.list(option).map((value): [string, JsonValue] => [key, value]),
    ),
    ...input.list('when').map(condition),
  ];
  const when: Record<string, JsonValue> = {};
  for (const [key, value] of typed) {
    const before = when[key];
    // Given twice, a condition means any of its values, as a list does in the file.
    if (before === undefined) when[key] = value;
    else when[key] = [...asList(before), ...asList(value)];
  }
  return when;
}

const asList = (value: JsonValue): readonly JsonValue[] => (Array.isArray(value) ? value : [value]);

/** `KEY=VALUE`, the value a text, or JSON where it starts with a bracket or brace. */
function condition(text: string): [string, JsonValue] {
  const equals = text.indexOf('=');
  if (equals < 1)
    throw new AcpError('usage', `"${text}" is not KEY=VALUE.`, { fix: "--when 'tool_name=read_*'" });
  const value = text.slice(equals + 1);
  return [text.slice(0, equals), /^[[{]/.test(value) ? json(value) : value];
}

function json(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new AcpError('usage', `"${text}" is not valid JSON.`, {
      fix: `Lists and objects are JSON: '["read","list"]'`,
    });
  }
}

function typedGrant(input: Input): Record<string, JsonValue> | undefined {
  const grant: Record<string, JsonValue> = {};
  const [ttl, scope, uses] = [
    input.option('grantTtl'),
    input.option('grantScope'),
    input.option('grantUses'),
  ];
  if (ttl !== undefined) grant.ttl = ttl;
  if (scope !== undefined) grant.scope = scope;
  if (uses !== undefined) grant.uses = /^[0-9]{1,6}$/.test(uses) ? Number(uses) : uses;
  return Object.keys(grant).length === 0 ? undefined : grant;
}

function suggestedId(effect: string, when: Readonly<Record<string, JsonValue>>): string {
  const words = Object.values(when)
    .flatMap(asList)
    .map((value) => (typeof value === 'string' ? value : ''))
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
    .replace(/-$/, '');
  return words === '' ? `${effect}-rule` : `${effect}-${words}`;
}

function freeId(policyText: string, wanted: string): string {
  let id = wanted;
  for (let number = 2; ruleIdProblem(policyText, id) !== undefined; number++) id = `${wanted}-${number}`;
  return id;
}
