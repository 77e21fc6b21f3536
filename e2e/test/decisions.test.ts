import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CreateMessageRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { everythingServer, plainServer, v2Server } from '../resources/fixtures.ts';
import { decisionFor, decisions, eventually, outcomeOf, records, streamFiles } from '../resources/journal.ts';
import type { LineClient } from '../resources/line-client.ts';
import { allowAll, type ProxySettings, TempHome } from '../resources/temp-home.ts';
import { definedOnly } from '../resources/v1-agent.ts';
import { v2Agent } from '../resources/v2-agent.ts';

const projectPolicy = (project: string): string => `version: 1
rules:
  - id: read-project
    effect: allow
    when: { tool_name: "read_*", path_pattern: "${project}/**" }
  - id: no-secrets
    effect: deny
    when: { path_pattern: "**/.env*" }
  - id: writes
    effect: ask
    when: { operations: [write, delete] }
  - id: resources
    effect: allow
    when: { mcp_method: "resources/read", scheme: demo }
`;

interface Scene {
  readonly home: TempHome;
  readonly client: LineClient;
  /** What the backend was given, line by line. */
  readonly ran: () => string;
}

async function scene(
  settings: (home: TempHome) => Partial<ProxySettings>,
  play: (scene: Scene) => Promise<void>,
): Promise<void> {
  await using home = new TempHome();
  const ran = join(home.base, 'ran');
  home.addProxy('p', { backend: plainServer('--ran', ran), ...settings(home) });
  await using client = home.start('p');
  await client.initialize();
  await play({ home, client, ran: () => (existsSync(ran) ? readFileSync(ran, 'utf8') : '') });
}

const onlyReads = (): Partial<ProxySettings> => ({
  policy: 'version: 1\nrules:\n  - id: reads\n    effect: allow\n    when: { tool_name: "read_*" }\n',
});
const withProjectPolicy = (home: TempHome): Partial<ProxySettings> => ({
  policy: projectPolicy(home.project),
});

describe('a tools/call', () => {
  it(
    verifies(
      ['INTENT-DURABLE', 'POLICY-EXPLAINED', 'OUTCOME-BEFORE-ANSWER'],
      'that is allowed runs, and the journal tells all',
    ),
    () =>
      scene(withProjectPolicy, async ({ home, client }) => {
        const file = join(home.project, 'notes.txt');
        const answer = await client.call('read_file', { path: file }, 5);
        // Read in the same turn as the answer came: what is not there now was not there before it left.
        const decision = decisionFor(home, 'p', '5');
        const outcome = outcomeOf(home, 'p', decision);
        expect(answer.result.content[0].text).toBe(`read_file: ${file}`);
        const policyText = readFileSync(home.paths.policy('p'));
        expect(decision).toMatchObject({
          from: 'client',
          class: 'access',
          method: 'tools/call',
          tool: 'read_file',
          client: 'line-client',
          clientVersion: '1.0.0',
          revision: '2025-11-25',
          effect: 'allow',
          disposition: 'forwarded',
          decidedBy: 'read-project',
          policyVersion: createHash('sha256').update(policyText).digest('hex'),
        });
        expect(decision?.subject).toMatch(/^local:/);
        expect(decision?.matched).toEqual([
          expect.objectContaining({ rule: 'read-project', effect: 'allow' }),
        ]);
        expect(outcome).toMatchObject({ status: 'ok', size: client.lines.at(-1)?.length });
        expect(outcome?.digest).toBe(
          createHash('sha256')
            .update(client.lines.at(-1) ?? '')
            .digest('hex'),
        );
      }),
  );

  it(
    verifies(
      ['REFUSAL-SHAPES', 'REFUSAL-DISCREET', 'EXITS-RECORDED'],
      'that is denied never runs; the agent learns why, but not which rule',
    ),
    () =>
      scene(withProjectPolicy, async ({ home, client, ran }) => {
        const answer = await client.call('read_file', { path: join(home.project, '.env') }, 5);
        expect(answer.error).toBeUndefined();
        expect(answer.result).toMatchObject({ isError: true, structuredContent: { code: 'policy_denied' } });
        expect(answer.result.content[0]).toMatchObject({ type: 'text' });
        expect(JSON.stringify(answer)).not.toContain('no-secrets');
        expect(ran()).not.toContain('.env');
        const decision = decisionFor(home, 'p', '5');
        expect(decision).toMatchObject({
          effect: 'deny',
          disposition: 'denied',
          reason: 'policy_denied',
          decidedBy: 'no-secrets',
        });
        expect(outcomeOf(home, 'p', decision)).toBeUndefined();
      }),
  );

  it(verifies('DEFAULT-DENY', 'that no rule speaks of is denied'), () =>
    scene(onlyReads, async ({ home, client, ran }) => {
      const answer = await client.call('echo', { message: 'hello' }, 5);
      expect(answer.result).toMatchObject({ isError: true, structuredContent: { code: 'policy_denied' } });
      expect(ran()).not.toContain('tools/call');
      const decision = decisionFor(home, 'p', '5');
      expect(decision).toMatchObject({ effect: 'deny', disposition: 'denied' });
      expect(decision?.decidedBy).toBeUndefined();
    }),
  );

  it(verifies('ASK-NOBODY', 'that must be asked is refused at once, as nobody could be asked'), () =>
    scene(withProjectPolicy, async ({ home, client, ran }) => {
      const answer = await client.call('write_file', { path: join(home.project, 'a'), content: 'x' }, 5);
      expect(answer.result).toMatchObject({
        isError: true,
        structuredContent: { code: 'nobody_could_be_asked' },
      });
      expect(ran()).not.toContain('write_file');
      expect(decisionFor(home, 'p', '5')).toMatchObject({
        effect: 'ask',
        disposition: 'unanswered',
        reason: 'nobody_could_be_asked',
        decidedBy: 'writes',
      });
    }),
  );

  it(
    verifies(
      'POLICY-OWN-HOME',
      'on a path of the proxy’s own home is denied under a policy that allows everything',
    ),
    () =>
      scene(
        () => ({ policy: allowAll }),
        async ({ home, client, ran }) => {
          const inside = home.paths.policy('p');
          const forms = [
            inside,
            `file://${inside}`,
            join(home.project, '../home/proxies/p/policy.yaml'),
            home.home,
          ];
          for (const [index, path] of forms.entries()) {
            const answer = await client.call('read_file', { path }, 100 + index);
            expect(answer.result, path).toMatchObject({
              isError: true,
              structuredContent: { code: 'protected_path' },
            });
            expect(decisionFor(home, 'p', String(100 + index))).toMatchObject({ reason: 'protected_path' });
          }
          const command = await client.call('echo', { command: `cat ${inside}` }, 200);
          expect(command.result).toMatchObject({ structuredContent: { code: 'protected_path' } });
          expect(ran()).not.toContain('tools/call');
        },
      ),
  );

  for (const effect of ['deny', 'ask'] as const) {
    it(verifies('RATE-LIMIT', `over a rate limit is refused (${effect}), and recorded as limited`), () =>
      scene(
        () => ({ rate: { calls: 2, perMs: 600_000, effect } }),
        async ({ home, client, ran }) => {
          for (const id of [1, 2]) expect((await client.call('echo', {}, id)).result.isError).toBeUndefined();
          const answer = await client.call('echo', {}, 3);
          expect(answer.result).toMatchObject({
            isError: true,
            structuredContent: { code: effect === 'deny' ? 'rate_limited' : 'nobody_could_be_asked' },
          });
          expect(ran().match(/tools\/call/g)).toHaveLength(2);
          expect(decisionFor(home, 'p', '3')?.disposition).toBe(effect === 'deny' ? 'limited' : 'unanswered');
        },
      ),
    );
  }

  it(verifies('EXITS-RECORDED', 'that is cancelled has a cancelled outcome'), () =>
    scene(
      () => ({}),
      async ({ home, client, ran }) => {
        await client.sendLine('{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"slow"}}');
        await eventually('the call at the backend', () => ran().includes('"slow"'));
        await client.notify('notifications/cancelled', { requestId: 5, reason: 'no longer needed' });
        await eventually('the cancellation at the backend', () => ran().includes('notifications/cancelled'));
        await client.end();
        const outcome = outcomeOf(home, 'p', decisionFor(home, 'p', '5'));
        expect(outcome).toMatchObject({ status: 'cancelled' });
        expect(client.answersTo(5)).toEqual([]);
      },
    ),
  );
});

describe('other requests', () => {
  it(verifies('REFUSAL-SHAPES', 'are refused with a JSON-RPC error and a code'), () =>
    scene(withProjectPolicy, async ({ home, client, ran }) => {
      expect((await client.request('resources/read', { uri: 'demo://x' }, 1)).result.contents).toBeDefined();
      const answer = await client.request('resources/read', { uri: 'file:///etc/passwd' }, 2);
      expect(answer.error).toMatchObject({ code: -32060, data: { code: 'policy_denied' } });
      expect(decisionFor(home, 'p', '2')).toMatchObject({ class: 'access', disposition: 'denied' });
      expect(ran()).not.toContain('passwd');
    }),
  );

  it(verifies('UNKNOWN-METHOD-ACCESS', 'that are unknown are access requests'), () =>
    scene(onlyReads, async ({ home, client, ran }) => {
      const answer = await client.request('vendor/do_something', { a: 1 }, 5);
      expect(answer.error).toMatchObject({ data: { code: 'policy_denied' } });
      expect(decisionFor(home, 'p', '5')).toMatchObject({ class: 'access', method: 'vendor/do_something' });
      expect(ran()).not.toContain('vendor');
    }),
  );

  it(verifies('METHOD-CLASSES', 'for discovery pass under any policy, and are recorded'), () =>
    scene(
      () => ({ policy: 'version: 1\nrules: []\n' }),
      async ({ home, client }) => {
        expect((await client.request('tools/list', undefined, 5)).result.tools.length).toBeGreaterThan(0);
        const decision = await eventually('the record', () => decisionFor(home, 'p', '5'));
        expect(decision).toMatchObject({ class: 'discovery', disposition: 'forwarded' });
        expect(decision.effect).toBeUndefined();
      },
    ),
  );
});

describe('what a backend asks of the client', () => {
  const noSampling = `version: 1
rules:
  - id: everything
    effect: allow
    when: { mcp_method: "*" }
  - id: no-sampling
    effect: deny
    when: { mcp_method: [sampling/createMessage, elicitation/create] }
`;

  for (const [policy, allowed] of [
    [allowAll, true],
    [noSampling, false],
  ] as const) {
    it(
      verifies(
        'SERVER-REQUESTS-JUDGED',
        `sampling is ${allowed ? 'passed on' : 'refused'} as the policy says`,
      ),
      async () => {
        await using home = new TempHome();
        home.addProxy('p', { backend: everythingServer, policy });
        const [command, ...args] = home.startCommand('p');
        const transport = new StdioClientTransport({
          command,
          args,
          env: definedOnly(home.env),
          stderr: 'ignore',
        });
        const client = new Client({ name: 'sampler', version: '1.0.0' }, { capabilities: { sampling: {} } });
        let asked = 0;
        client.setRequestHandler(CreateMessageRequestSchema, () => {
          asked++;
          return {
            model: 'none',
            role: 'assistant' as const,
            content: { type: 'text' as const, text: 'sampled words' },
          };
        });
        await client.connect(transport);
        try {
          const result = await client.callTool({
            name: 'trigger-sampling-request',
            arguments: { prompt: 'say something', maxTokens: 10 },
          });
          expect(asked).toBe(allowed ? 1 : 0);
          expect(JSON.stringify(result).includes('sampled words')).toBe(allowed);
          const decision = decisions(home, 'p').find((record) => record.method === 'sampling/createMessage');
          expect(decision).toMatchObject({
            from: 'server',
            class: 'access',
            disposition: allowed ? 'forwarded' : 'denied',
          });
        } finally {
          await client.close();
        }
      },
    );
  }

  it(
    verifies(
      'INPUT-REQUEST-WITHHELD',
      'inside an input_required result is judged; if denied, the result is withheld',
    ),
    async () => {
      await using home = new TempHome();
      home.addProxy('p', { backend: v2Server, policy: noSampling });
      await using agent = await v2Agent(home.startCommand('p'), home.env, { pin: '2026-07-28' });
      const result = await agent.client.callTool({ name: 'ask_name', arguments: {} });
      expect(result).toMatchObject({ isError: true, structuredContent: { code: 'input_request_denied' } });
      const withheld = records(home, 'p').filter(
        (record) => record.type === 'outcome' && record.status === 'withheld',
      );
      expect(withheld).toHaveLength(1);
    },
  );
});

describe('what is kept', () => {
  const secret = `hunter2-${'correct-horse'.repeat(3)}`;

  it(
    verifies(
      ['PAYLOAD-APART', 'PAYLOAD-DELETABLE'],
      'no argument value is in the chain; payloads are redacted, and may be deleted',
    ),
    () =>
      scene(
        () => ({}),
        async ({ home, client }) => {
          await client.call('echo', { message: 'a quite ordinary sentence', password: secret }, 5);
          await client.end();
          const chain = streamFiles(home, 'p')
            .map((file) => readFileSync(file, 'utf8'))
            .join('');
          expect(chain).not.toContain('ordinary sentence');
          expect(chain).not.toContain('hunter2');
          const folder = home.paths.payloadsDir('p');
          const payloads = readdirSync(folder)
            .map((file) => readFileSync(join(folder, file), 'utf8'))
            .join('');
          expect(payloads).toContain('ordinary sentence');
          expect(payloads).not.toContain('hunter2');
          rmSync(folder, { recursive: true });
          const verdict = await runCommand(home, ['audit', 'verify', '--proxy', 'p', '--json']);
          expect(verdict.code, verdict.stdout + verdict.stderr).toBe(0);
        },
      ),
  );

  it(verifies(['HOME-PRIVATE', 'HOME-MOVES'], 'is the user’s alone, and all in MCP_ACP_HOME'), () =>
    scene(
      () => ({}),
      async ({ home, client }) => {
        await client.call('echo');
        await client.end();
        const open: string[] = [];
        for (const entry of readdirSync(home.home, { recursive: true, withFileTypes: true })) {
          const path = join(entry.parentPath, entry.name);
          const mode = statSync(path).mode & 0o777;
          if (mode !== (entry.isDirectory() ? 0o700 : 0o600)) open.push(`${path} ${mode.toString(8)}`);
        }
        expect(open).toEqual([]);
        expect(readdirSync(home.base).sort()).toEqual(['home', 'project', 'ran']);
      },
    ),
  );

  it(verifies('INTENT-DURABLE', 'the intent is on disk before the backend has the call'), async () => {
    await using home = new TempHome();
    const seen = join(home.base, 'seen');
    home.addProxy('p', { backend: plainServer('--journal', home.paths.auditDir('p'), '--seen', seen) });
    await using client = home.start('p');
    await client.initialize();
    const ids = Array.from({ length: 50 }, (_, index) => `call-${index}`);
    for (const id of ids) {
      await client.sendLine(
        `{"jsonrpc":"2.0","id":"${id}","method":"tools/call","params":{"name":"echo","arguments":{}}}`,
      );
    }
    for (const id of ids) await client.answerTo(id);
    // The backend looked into the journal at the moment it received each call.
    const found = readFileSync(seen, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(found).toEqual(ids.map((id) => ({ id, recorded: true })));
  });
});
