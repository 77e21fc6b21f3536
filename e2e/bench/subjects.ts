import { fileURLToPath } from 'node:url';
import type { Command } from '../resources/fixtures.ts';
import { TempHome } from '../resources/temp-home.ts';

/** Something to put between the client and the backend. */
export interface Subject {
  readonly id: 'direct' | 'pipe' | 'naive' | 'flush' | 'sync';
  readonly label: string;
  readonly command: Command;
}

export interface Stage extends AsyncDisposable {
  readonly subjects: readonly Subject[];
  readonly env: NodeJS.ProcessEnv;
  /** A folder on the disk that the journals are written to. */
  readonly folder: string;
}

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A policy of a hundred rules that allows the calls measured: what a careful user might have. */
export function typicalPolicy(): string {
  const rules = Array.from(
    { length: 96 },
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
  const node = process.execPath;
  return {
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
