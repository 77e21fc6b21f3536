import { homedir } from 'node:os';
import { type Explanation, explainCall } from '@mcp-acp/admin/explain-call';
import type { PathFact } from '@mcp-acp/policy/facts';
import type { GrantLimit } from '@mcp-acp/policy/policy';
import { AcpError } from '@mcp-acp/shared/errors';
import { isJsonObject, type JsonObject } from '@mcp-acp/shared/json';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxy } from '../../choose-proxy.ts';
import type { Cli } from '../../cli.ts';
import { type CommandSpec, type Input, proxyOption } from '../../command-spec.ts';

export const policyExplain: CommandSpec = {
  path: ['policy', 'explain'],
  summary: 'decide one call without running it, and say why',
  options: [
    proxyOption,
    { flags: '--tool <name>', description: 'the tool that would be called' },
    { flags: '--arguments <json>', description: "the call's arguments, a JSON object" },
    {
      flags: '--method <method>',
      description: 'another method than tools/call: resources/read, prompts/get, …',
    },
    { flags: '--uri <uri>', description: 'the resource, for resources/read' },
    { flags: '--prompt <name>', description: 'the prompt, for prompts/get' },
    { flags: '--client <name>', description: "the client's name, for conditions on it" },
  ],
  examples: [
    `mcp-acp policy explain --tool write_file --arguments '{"path":"~/project/a.txt"}'`,
    'mcp-acp policy explain --method resources/read --uri file:///etc/passwd',
  ],
  run(cli, input) {
    const name = chooseProxy(cli.paths(), input.option('proxy'));
    const { method, ...call } = typedCall(input);
    const explanation = explainCall(cli.paths(), name, {
      method,
      ...call,
      subjectId: cli.actor().by,
      clientCwd: process.cwd(),
      userHome: cli.env.HOME || homedir(),
    });
    const { effect, decision, facts, protectedPaths, pathUnclear, policyVersion, cwd } = explanation;
    return {
      data: {
        proxy: name,
        effect,
        ...(decision.decidedBy === undefined ? {} : { decidedBy: decision.decidedBy }),
        matched: decision.matched,
        ...(decision.grant === undefined ? {} : { grant: shownGrant(decision.grant) }),
        ...(decision.ask === undefined ? {} : { ask: decision.ask }),
        protectedPaths,
        ...(pathUnclear ? { pathUnclear } : {}),
        policyVersion,
        facts: {
          method: facts.method,
          ...(facts.toolName === undefined ? {} : { toolName: facts.toolName }),
          operations: facts.operations,
          sideEffects: facts.sideEffects,
          operands: facts.operands,
          mentions: facts.mentions,
        },
        ...(cwd === undefined ? {} : { cwd }),
      },
      text: lines(cli, explanation),
    };
  },
};

function typedCall(input: Input) {
  const [tool, prompt, uri, client] = ['tool', 'prompt', 'uri', 'client'].map((name) => input.option(name));
  const method =
    input.option('method') ??
    (tool !== undefined
      ? 'tools/call'
      : uri !== undefined
        ? 'resources/read'
        : prompt !== undefined
          ? 'prompts/get'
          : undefined);
  if (method === undefined) {
    throw new AcpError('usage', 'Say which call: --tool NAME, --uri URI, --prompt NAME or --method METHOD.');
  }
  if (method === 'tools/call' && tool === undefined) throw new AcpError('usage', '--tool is missing.');
  const args = input.option('arguments');
  return {
    method,
    ...(tool === undefined ? {} : { toolName: tool }),
    ...(prompt === undefined ? {} : { promptName: prompt }),
    ...(uri === undefined ? {} : { uri }),
    ...(client === undefined ? {} : { client }),
    ...(args === undefined ? {} : { arguments: jsonObject(args) }),
  };
}

function jsonObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AcpError(
      'usage',
      `--arguments is not valid JSON: ${error instanceof Error ? error.message : ''}`,
      {
        fix: `For example: --arguments '{"path":"/tmp/a"}'`,
      },
    );
  }
  if (isJsonObject(value)) return value;
  throw new AcpError('usage', '--arguments must be a JSON object.', {
    fix: `For example: --arguments '{"path":"/tmp/a"}'`,
  });
}

function lines(
  cli: Cli,
  { effect, decision, facts, protectedPaths, pathUnclear, cwd, file }: Explanation,
): readonly string[] {
  const { style } = cli;
  const paint = { allow: style.green, ask: style.yellow, deny: style.red }[effect];
  const why =
    protectedPaths.length > 0
      ? `${protectedPaths[0]} belongs to mcp-acp itself; no rule can open it`
      : pathUnclear
        ? 'a path cannot be resolved, so it may lead to mcp-acp itself'
        : decision.decidedBy === undefined
          ? 'no rule matches, and nothing said is deny'
          : `rule "${visible(decision.decidedBy, 64)}" decides`;
  return [
    `${paint(effect)}: ${why}`,
    ...decision.matched.map(
      (rule) =>
        `  matched  ${visible(rule.rule, 64)} (${rule.effect})${rule.conditions.length === 0 ? '' : `: ${rule.conditions.join(', ')}`}`,
    ),
    ...(decision.grant === undefined
      ? []
      : [`  one "yes" reaches: ${decision.grant.scope}, ${spanOf(decision.grant)}`]),
    `  operations   ${facts.operations.join(', ') || '-'}`,
    `  side effects ${facts.sideEffects.join(', ') || '-'}`,
    ...facts.operands.map((fact) => `  path         ${pathLine(fact)}`),
    ...facts.mentions.map((fact) => `  mentions     ${pathLine(fact)}`),
    ...(cwd?.assumed === true && facts.operands.length > 0
      ? [`  relative paths taken from ${cwd.path}; set backend.cwd to fix it`]
      : []),
    `  policy       ${file}`,
  ];
}

const spanOf = ({ ttlMs }: GrantLimit): string =>
  Number.isFinite(ttlMs) ? `${ttlMs / 1000} s` : 'for the session';

/** JSON knows no infinity: a grant without `ttlMs` lasts as long as the session. */
function shownGrant({ ttlMs, ...grant }: GrantLimit) {
  return Number.isFinite(ttlMs) ? { ttlMs, ...grant } : grant;
}

const pathLine = ({ text, resolved }: PathFact): string =>
  resolved === undefined || resolved === text ? visible(text) : `${visible(text)} → ${visible(resolved)}`;
