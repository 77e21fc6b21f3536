import { fileURLToPath } from 'node:url';
import type { Command } from '../resources/fixtures.ts';
import { TempHome } from '../resources/temp-home.ts';

/** Something to put between the client and the backend. */
export interface Subject {
  readonly id: 'direct' | 'pipe' | 'naive' | 'flush' | 'sync' | 'many-rules';
  readonly label: string;
  readonly command: Command;
}

export interface Stage extends AsyncDisposable {
  readonly subjects: readonly Subject[];
  /** Ours with `sync` and a policy of a hundred rules, for the cold start only. */
  readonly manyRules: Subject;
  readonly env: NodeJS.ProcessEnv;
  /** A folder on the disk that the journals are written to. */
  readonly folder: string;
}

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A policy that allows the calls measured: of a dozen rules, as a careful user might have, or of as many as are asked for. */
export function typicalPolicy(count = 12): string {
  const rules = Array.from(
    { length: count - 4 },
    (_, index) => `  - { id: no-${index}, effect: deny, when: { tool_name: "svc${index}_*_delete" } }`,
  );
  return [
    'version: 1',
    'rules:',
    '  - { id: no-secrets, effect: deny, when: { path_pattern: "**/.env*" } }',
    '  - { id: no-keys, effect: deny, when: { extension: [pem, key] } }',
    '  - { id: writes, effect: ask, when: { tool_name: ["write_*", "delete_*"], operations: [write, delete] } }',
    ...rules,
    '  - { id: echo, effect: allow, when: { tool_name: [echo, "look_up_*"] } }',
    '',
  ].join('\n');
}

/** The five subjects over one backend; the two of ours differ in `audit.durability` alone. */
export function setStage(tools: number): Stage {
  const home = new TempHome();
  const backend: Command = [process.execPath, script('./echo-backend.mjs'), String(tools)];
  for (const durability of ['flush', 'sync'] as const) {
    home.addProxy(durability, { backend, durability, policy: typicalPolicy() });
  }
  home.addProxy('many-rules', { backend, policy: typicalPolicy(100) });
  const node = process.execPath;
  return {
    manyRules: {
      id: 'many-rules',
      label: 'mcp-acp (sync), 100 rules',
      command: home.startCommand('many-rules'),
    },
    env: home.env,
    folder: home.base,
    subjects: [
      { id: 'direct', label: 'direct', command: backend },
      { id: 'pipe', label: 'bare Node pipe', command: [node, script('../fixtures/relay.mjs'), ...backend] },
      {
        id: 'naive',
        label: 'SDK transports, nothing else',
        command: [node, script('./naive-proxy.mjs'), ...backend],
      },
      { id: 'flush', label: 'mcp-acp (flush)', command: home.startCommand('flush') },
      { id: 'sync', label: 'mcp-acp (sync)', command: home.startCommand('sync') },
    ],
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}
