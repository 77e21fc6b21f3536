import { CreateMessageRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { type BackendKind, FlowScene, flowsV1, flowsV2 } from '../resources/flow-scene.ts';
import { decisions } from '../resources/journal.ts';
import { LineClient } from '../resources/line-client.ts';
import { statelessClient } from '../resources/stateless-client.ts';
import { v1Agent } from '../resources/v1-agent.ts';

const few = `version: 1
rules:
  - id: some
    effect: allow
    when: { tool_name: [ask_*, echo] }
  - id: ask
    effect: ask
    when: { tool_name: grow }
  - id: no-sampling
    effect: deny
    when: { mcp_method: sampling/createMessage }
`;
/** Refused by policy, for want of a person, for its form, or for what it lacks. */
const refused: readonly [string, object | undefined, unknown][] = [
  ['tools/call', { name: 'fail', arguments: {} }, 'policy_denied'],
  ['tools/call', { name: 'structured', arguments: {} }, 'policy_denied'],
  ['tools/call', { name: 'grow', arguments: {} }, 'nobody_could_be_asked'],
  ['tools/call', { name: 'echo', arguments: { message: 'x'.repeat(300_000) } }, 'message_too_large'],
  ['tools/call', { arguments: {} }, 'invalid_params'],
  ['resources/read', { uri: 'memo://one' }, 'policy_denied'],
  ['resources/read', {}, 'invalid_params'],
  ['prompts/get', { name: 'visit', arguments: {} }, 'policy_denied'],
  ['vendor/method', {}, 'policy_denied'],
];
const malformed: readonly string[] = [
  '{',
  '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}',
  '{"jsonrpc":"1.0","id":3,"method":"ping"}',
  '{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
  '[{"jsonrpc":"2.0","id":4,"method":"ping"}]',
];
const codeOf = ({ result, error }: LineClient['messages'][number]): unknown =>
  result?._meta?.['io.github.mcp-acp/refusal']?.code ?? error?.data?.code;
const kinds: readonly BackendKind[] = ['stdio', 'http'];

describe.each(kinds)('what the proxy says itself, before a backend on %s', (kind) => {
  it(verifies('SDK-JUDGED', 'is valid in the stateful era'), async () => {
    await using scene = await FlowScene.open({ server: flowsV1, kind, policy: few, messageBytes: 262_144 });
    const [command, ...args] = scene.near;
    {
      await using client = new LineClient({ command, args, env: scene.env, cwd: scene.base });
      await client.initialize();
      await client.request('tools/list');
      for (const [method, params, code] of refused)
        expect(codeOf(await client.request(method, params))).toBe(code);
      for (const line of malformed) expect((await client.refusal(line)).error).toBeDefined();
      await client.end();
    }
    await scene.expectValid('2025-11-25');
  });

  it(verifies('SDK-JUDGED', 'is valid to a server whose question was refused'), async () => {
    await using scene = await FlowScene.open({ server: flowsV1, kind, policy: few });
    {
      await using agent = await v1Agent(scene.near, scene.env, { sampling: {} });
      agent.client.setRequestHandler(CreateMessageRequestSchema, () => {
        throw new Error('it was asked all the same');
      });
      const result = await agent.client.callTool({ name: 'ask_model', arguments: {} });
      expect(result.isError).toBe(true);
      expect(JSON.stringify(result.content)).toContain('Refused by policy');
    }
    await scene.expectValid('2025-11-25');
  });
});

const noElicitation = `version: 1
rules:
  - id: everything
    effect: allow
    when: { mcp_method: "*" }
  - id: no-elicitation
    effect: deny
    when: { mcp_method: elicitation/create }
`;

it(
  verifies(
    ['INPUT-REQUEST-WITHHELD', 'FLOW-ELICITATION', 'SDK-JUDGED'],
    'an error that demands a URL is withheld where the policy denies elicitation',
  ),
  async () => {
    await using scene = await FlowScene.open({ server: flowsV1, kind: 'stdio', policy: noElicitation });
    const [command, ...args] = scene.near;
    {
      await using client = new LineClient({ command, args, env: scene.env, cwd: scene.base });
      await client.initialize();
      expect(codeOf(await client.call('needs_url', {}, 'url'))).toBe('input_request_denied');
      expect(Buffer.concat(client.lines).toString('utf8')).not.toContain('example.test');
      const denied = decisions(scene, 'p').find(({ method }) => method === 'elicitation/create');
      expect(denied).toMatchObject({ from: 'server', disposition: 'denied', decidedBy: 'no-elicitation' });
      await client.end();
    }
    await scene.expectValid('2025-11-25');
  },
);

it(verifies('SDK-JUDGED', 'what the proxy says itself is valid in the stateless era'), async () => {
  await using scene = await FlowScene.open({
    server: flowsV2,
    kind: 'stdio',
    policy: few,
    messageBytes: 262_144,
  });
  const [command, ...args] = scene.near;
  {
    await using client = new LineClient({ command, args, env: scene.env, cwd: scene.base });
    const { request } = statelessClient(client, {});
    await request('tools/list');
    for (const [method, params, code] of refused) expect(codeOf(await request(method, params))).toBe(code);
    for (const line of malformed) expect((await client.refusal(line)).error).toBeDefined();
    await client.end();
  }
  await scene.expectValid('2026-07-28');
});
