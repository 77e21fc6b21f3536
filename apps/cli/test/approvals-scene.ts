import { writeFileSync } from 'node:fs';
import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { liveScene, until } from './live-scene.ts';
import { openTerminal } from './terminal.ts';

const policy = `version: 1
rules:
  - { id: reading, effect: allow, when: { tool_name: "read_*" } }
  - { id: writes, effect: ask, when: { tool_name: "write_*" } }
  - { id: evil, effect: ask, when: { tool_name: "evil*" } }
  - { id: deletes, effect: ask, when: { tool_name: "delete_*" }, grant: { ttl: 10m, scope: tool } }
`;

/** A proxy that asks, and no manager unless a test starts one. */
export async function approvalsScene(...names: readonly string[]) {
  const scene = await liveScene(...names);
  writeFileSync(
    scene.paths.managerConfig,
    JSON.stringify({ port: scene.port, openBrowser: false, autoStart: false }),
    { mode: 0o600 },
  );
  for (const name of names) {
    writeFileSync(scene.paths.policy(name), policy);
    scene.json('policy', 'confirm', '--proxy', name);
  }
  const pending = (): readonly PendingApproval[] => scene.json('approvals', 'list').pending;
  const terminals: AsyncDisposable[] = [];
  return {
    ...scene,
    pending,
    /** Starts an instance, and waits until it can be reached: it serves its socket once its session is under way. */
    reached: async (name: string) => {
      const agent = await scene.proxy(name, '--headless');
      await until(
        'the socket of the instance',
        () => scene.json('status', '--proxy', name).proxies[0]?.connected === true,
      );
      return agent;
    },
    /** Waits until so many questions are there. */
    asked: (count: number) => until(`${count} questions`, () => pending().length === count && pending()),
    terminal: (args: readonly string[], size?: { readonly columns: number; readonly rows: number }) => {
      const terminal = openTerminal(scene.env, args, size);
      terminals.push(terminal);
      return terminal;
    },
    [Symbol.asyncDispose]: async () => {
      for (const terminal of terminals) await terminal[Symbol.asyncDispose]();
      await scene[Symbol.asyncDispose]();
    },
  };
}
