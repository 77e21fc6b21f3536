import { createLineReader, type LineReader } from '@mcp-acp/mcp/framing/line-reader';
import { createSession } from '@mcp-acp/mcp/session';
import {
  filterInputRequests,
  observeInitialize,
  observeRounds,
  observeToolList,
} from '@mcp-acp/pipeline/answers/inspect-result';
import { nobody, type Person } from '@mcp-acp/pipeline/approvals/person';
import { createEnforcementPoint, type EnforcementPoint } from '@mcp-acp/pipeline/enforcement-point';
import { haltGuard } from '@mcp-acp/pipeline/guards/halt-guard';
import { policyGuard } from '@mcp-acp/pipeline/guards/policy-guard';
import { protectedPathGuard } from '@mcp-acp/pipeline/guards/protected-path-guard';
import type { Guard } from '@mcp-acp/pipeline/verdict';
import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { compilePolicy } from '@mcp-acp/policy/compile-policy';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { ProxyId } from '@mcp-acp/shared/ids';
import type { DecisionBody, OutcomeBody, RecordBody } from '@mcp-acp/shared/journal-record';
import { createManualClock, type ManualClock } from '@mcp-acp/testing/manual-clock';
import { createMemoryJournal, type MemoryJournal } from '@mcp-acp/testing/memory-journal';
import { createPathResolver } from './fixed-paths.ts';

export interface PepUnderTest {
  readonly point: EnforcementPoint;
  readonly journal: MemoryJournal;
  readonly clock: ManualClock;
  /** Lines as they reached each side. */
  readonly atServer: string[];
  readonly atClient: string[];
  readonly client: LineReader;
  readonly server: LineReader;
  /** Sends lines of a side and lets the turn end. */
  say(from: 'client' | 'server', ...lines: (string | object)[]): Promise<void>;
  /** Another policy comes into force. */
  reload(rules: string): void;
  decisions(): DecisionBody[];
  outcomes(): OutcomeBody[];
}

export interface PepSetUp {
  readonly rules: string;
  readonly guards?: (standard: readonly Guard[]) => readonly Guard[];
  readonly person?: Person;
  readonly holdMs?: number;
  readonly openMs?: number;
  /** Why nothing passes, access or discovery. */
  readonly halted?: () => ErrorCode | undefined;
  readonly lineLimitBytes?: number;
  readonly onServerLine?: (line: string) => void;
  readonly onClientLine?: (line: string) => void;
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The real framing, strict check, policy and pipeline between two in-memory ends. */
export function createPepUnderTest(setUp: PepSetUp): PepUnderTest {
  const clock = createManualClock();
  const journal = createMemoryJournal();
  const atServer: string[] = [];
  const atClient: string[] = [];
  const compile = (rules: string, version: string) =>
    compilePolicy(parsePolicy(`version: 1\nrules:\n${rules}`, 'policy.yaml'), version.repeat(64), {
      home: '/home/user',
    });
  let compiled = compile(setUp.rules, '0');
  const policies = { current: () => compiled };
  let seed = 1;
  const nextByte = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed >>> 24;
  };
  const standard = [policyGuard(policies), protectedPathGuard(['/home/user/.mcp-acp'])];
  const halted = setUp.halted ?? (() => undefined);
  const payloads: string[] = [];
  const point = createEnforcementPoint({
    clock,
    journal,
    payloads: {
      add: (json) => `payload ${payloads.push(json)}`,
      flush: () => undefined,
      report: () => ({ stored: 0, lost: 0 }),
      close: () => undefined,
    },
    payloadMode: 'arguments',
    subjects: { current: () => ({ id: 'local:user', kind: 'local' }) },
    session: createSession(),
    policies,
    paths: createPathResolver(),
    guards: setUp.guards?.(standard) ?? [haltGuard(halted), ...standard],
    filters: [observeInitialize, observeToolList, filterInputRequests, observeRounds],
    asking: {
      person: setUp.person ?? nobody,
      origin: { id: 'px_aaaaaaaaaaaaaaaa' as ProxyId, name: 'files', instance: journal.instance },
      timers: clock,
      random: (length) => Uint8Array.from({ length }, () => nextByte()),
      holdMs: () => setUp.holdMs ?? 45_000,
      openMs: () => setUp.openMs ?? 600_000,
    },
    halted,
    backend: { id: 'files', kind: 'stdio' },
    transmit: {
      client: (lines) => {
        for (const line of lines) {
          atClient.push(line.toString('utf8'));
          setUp.onClientLine?.(line.toString('utf8'));
        }
      },
      server: (lines) => {
        for (const line of lines) {
          atServer.push(line.toString('utf8'));
          setUp.onServerLine?.(line.toString('utf8'));
        }
      },
    },
    callIdleMs: 60_000,
  });
  const limit = setUp.lineLimitBytes ?? 1_000_000;
  const client = createLineReader(limit, point.from.client);
  const server = createLineReader(limit, point.from.server);
  return {
    point,
    journal,
    clock,
    reload: (rules) => {
      compiled = compile(rules, '1');
      point.approvals.policyChanged();
    },
    atServer,
    atClient,
    client,
    server,
    say: async (from, ...lines) => {
      const reader = from === 'client' ? client : server;
      for (const line of lines) {
        reader.push(Buffer.from(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`));
      }
      await turn();
    },
    decisions: () => journal.records.filter((record): record is DecisionBody => record.type === 'decision'),
    outcomes: () => journal.records.filter((record): record is OutcomeBody => record.type === 'outcome'),
  };
}

export const ofType = <T extends RecordBody['type']>(journal: MemoryJournal, type: T) =>
  journal.records.filter((record): record is Extract<RecordBody, { type: T }> => record.type === type);

export const call = (id: string | number, name: string, args: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

export const result = (id: string | number, value: object = { content: [] }) => ({
  jsonrpc: '2.0',
  id,
  result: value,
});

/** Starts a session of the stateful era under the revision named. */
export async function initialize(pep: PepUnderTest, revision = '2025-11-25'): Promise<void> {
  await pep.say('client', {
    jsonrpc: '2.0',
    id: 'init',
    method: 'initialize',
    params: { protocolVersion: revision, capabilities: {}, clientInfo: { name: 'agent', version: '1' } },
  });
  await pep.say(
    'server',
    result('init', { protocolVersion: revision, serverInfo: { name: 'files', version: '2' } }),
  );
  pep.atClient.length = 0;
  pep.atServer.length = 0;
}

/** Rules that most tests get by with: some things are allowed, one is asked about, one is denied. */
export const rules = `
  - { id: reads, effect: allow, when: { tool_name: "read_*" } }
  - { id: prompts, effect: allow, when: { mcp_method: "prompts/get" } }
  - { id: roots, effect: allow, when: { mcp_method: "roots/list" } }
  - { id: writes, effect: ask, when: { tool_name: "write_*" } }
  - { id: deletes, effect: deny, when: { tool_name: "*delete*" } }
`;

export const parse = (line: string | undefined) => JSON.parse(line ?? 'null');

/** Somebody looks on who can answer. */
export const watching: Person = { isWatching: () => true, summon: () => true, dismiss: () => undefined };
