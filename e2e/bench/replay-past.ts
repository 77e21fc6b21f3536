import { mkdirSync } from 'node:fs';
import { openJournal } from '@mcp-acp/audit/open-journal';
import { openPayloadStore } from '@mcp-acp/audit/payload-store';
import { createPathResolver } from '@mcp-acp/config/path-resolver';
import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { compilePolicy } from '@mcp-acp/policy/compile-policy';
import { decide } from '@mcp-acp/policy/decide';
import { extractFacts } from '@mcp-acp/policy/facts';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { JsonObject } from '@mcp-acp/shared/json';
import { redactedJson } from '@mcp-acp/shared/redaction';
import { seededRandom } from '../resources/seeded-random.ts';
import type { TempHome } from '../resources/temp-home.ts';

const then = [
  'version: 1',
  'rules:',
  '  - { id: reads, effect: allow, when: { operations: [read, list] } }',
  '  - { id: changes, effect: ask, when: { operations: [write, delete, execute, send] } }',
  '  - { id: no-secrets, effect: deny, when: { path_pattern: "**/.env*" } }',
  '',
].join('\n');

/** How long ago the oldest call is. Milliseconds. */
const spanMs = 14 * 24 * 3_600_000;
/** Calls between two turns of the event loop: the journal holds no more than it may. */
const perTurn = 500;

/** Calls as agents make them: most name a file, some a command or a URL, a few nothing. */
function callMaker(project: string) {
  const random = seededRandom(11);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const file = (): string =>
    `${project}/${pick(['src', 'test', 'docs', 'lib'])}/${pick(['a', 'b', 'c', 'd'])}${Math.floor(random() * 400)}.${pick(['ts', 'md', 'json'])}`;
  return (): readonly [string, JsonObject] => {
    const kind = random();
    if (kind < 0.45) return ['read_text_file', { path: file() }];
    if (kind < 0.6)
      return ['write_file', { path: file(), content: `export const answer = ${random()};\n`.repeat(8) }];
    if (kind < 0.7)
      return ['edit_file', { path: file(), edits: [{ oldText: 'a = 1', newText: 'a = 2' }], dryRun: false }];
    if (kind < 0.78) return ['list_directory', { path: `${project}/src` }];
    if (kind < 0.84) return ['move_file', { source: file(), destination: file() }];
    if (kind < 0.9) return ['run_command', { command: `grep -rn "answer" ${file()} | head -20` }];
    if (kind < 0.96)
      return ['fetch_page', { url: `https://docs.example.com/guide/${Math.floor(random() * 1_000)}?q=a` }];
    return ['search_files', { query: 'answer', limit: 20 }];
  };
}

/** Fills the journal and the payload store of a proxy with calls, as its proxy writes them. Returns the proxy's name. */
export async function writeReplayPast(home: TempHome, calls: number): Promise<string> {
  const name = 'files';
  home.addProxy(name, { backend: ['node', '-v'], cwd: home.project });
  const { id } = readProxyConfig(home.paths, name);
  const instance = 'inst_abcdefghabcdefgh' as InstanceId;
  mkdirSync(home.paths.auditDir(name), { recursive: true, mode: 0o700 });
  mkdirSync(home.paths.payloadsDir(name), { recursive: true, mode: 0o700 });
  mkdirSync(home.paths.incidentsDir, { recursive: true, mode: 0o700 });
  const payloads = openPayloadStore({ dir: home.paths.payloadsDir(name), instance });
  let at = Date.now() - spanMs;
  const journal = openJournal({
    auditDir: home.paths.auditDir(name),
    emergencyFile: home.paths.incidents.emergency,
    proxyId: id,
    proxyName: name,
    instance,
    durability: 'flush',
    clock: { now: () => at, monotonicMs: () => performance.now() },
    payloads,
    opened: { pid: process.pid, backend: name, subject: 'local:someone', configVersion: '0'.repeat(64) },
  });
  const resolver = createPathResolver({ cwd: home.project, home: home.base });
  const policy = compilePolicy(parsePolicy(then, 'then'), '0'.repeat(64), {
    home: home.base,
    paths: resolver,
  });
  const makeCall = callMaker(home.project);
  for (let call = 0; call < calls; call++) {
    at += Math.floor(spanMs / calls);
    const [tool, args] = makeCall();
    const facts = extractFacts(
      {
        method: 'tools/call',
        from: 'client',
        toolName: tool,
        arguments: args,
        backendId: name,
        backendKind: 'stdio',
        subjectId: 'local:someone',
        client: 'claude-desktop',
      },
      resolver,
    );
    const decision = decide(policy, facts);
    const forwarded = decision.effect === 'allow';
    const seq = journal.append({
      type: 'decision',
      from: 'client',
      class: 'access',
      requestId: String(call),
      method: 'tools/call',
      tool,
      toolDigest: '0'.repeat(64),
      client: 'claude-desktop',
      clientVersion: '1.2.3',
      revision: '2025-11-25',
      subject: 'local:someone',
      facts: {
        operations: facts.operations,
        sideEffects: facts.sideEffects,
        operands: facts.operands.length,
        mentions: facts.mentions.length,
      },
      matched: decision.matched,
      ...(decision.decidedBy === undefined ? {} : { decidedBy: decision.decidedBy }),
      policyVersion: policy.version,
      effect: decision.effect,
      disposition: forwarded ? 'forwarded' : decision.effect === 'ask' ? 'unanswered' : 'denied',
      ...(forwarded ? {} : { reason: decision.effect === 'ask' ? 'nobody_could_be_asked' : 'policy_denied' }),
      size: 400,
      evalMs: 0.031,
      waitMs: 0,
      payload: payloads.add(redactedJson(args)),
    });
    if (forwarded) {
      journal.append({
        type: 'outcome',
        decision: seq,
        status: 'ok',
        requestId: String(call),
        method: 'tools/call',
        tool,
        size: 2_000,
        digest: '0'.repeat(64),
        durationMs: 3.214,
        backendMs: 2.901,
      });
    }
    if (call % perTurn === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await journal.close('client_closed');
  payloads.close();
  return name;
}

/** A policy of so many rules of all kinds, most of which look at what a call names. */
export function replayCandidate(rules: number): string {
  const made = Array.from({ length: rules - 5 }, (_, index) => {
    const kinds = [
      `effect: deny, when: { path_pattern: "**/private-${index}/**" }`,
      `effect: ask, when: { path_pattern: "~/work-${index}/**", operations: [write, delete] }`,
      `effect: deny, when: { extension: [pem${index}, key${index}] }`,
      `effect: deny, when: { host: "*.tracker-${index}.example" }`,
      `effect: ask, when: { arguments: { branch: "release-${index}*" } }`,
      `effect: deny, when: { tool_name: "svc${index}_*_delete" }`,
      `effect: allow, when: { path_pattern: "~/open-${index}/**", not: { extension: env } }`,
    ];
    return `  - { id: r-${index}, ${kinds[index % kinds.length]} }`;
  });
  return [
    'version: 1',
    'rules:',
    '  - { id: no-secrets, effect: deny, when: { path_pattern: ["**/.env*", "**/.ssh/**", "**/*.pem"] } }',
    '  - { id: writes, effect: ask, when: { tool_name: ["write_*", "move_*"], operations: [write, delete] } }',
    '  - { id: edits, effect: allow, when: { tool_name: edit_file, path_pattern: "~/project/src/**" } }',
    '  - { id: reads, effect: allow, when: { operations: [read, list], path_pattern: "~/project/**" } }',
    '  - { id: docs, effect: allow, when: { host: docs.example.com } }',
    ...made,
    '',
  ].join('\n');
}
