import { randomBytes } from 'node:crypto';
import type { ManagerProcessPort, ManagerStatus } from '@mcp-acp/api/ports/manager-process';
import { newName } from '@mcp-acp/shared/ids';

/** What of the status changes while the manager runs. */
export type ManagerCounts = Pick<ManagerStatus, 'dashboards' | 'subscribers' | 'instances' | 'proxies'>;

export type StartFacts = Omit<ManagerStatus, keyof ManagerCounts | 'pid'>;

/** `start_` and 16 characters of base 32. */
export const newStartId = (): string => newName(randomBytes, 'start_');

/** The port over this process; `stop` is told once. */
export function createManagerProcess(options: {
  readonly facts: StartFacts;
  readonly counts: () => ManagerCounts;
  readonly stop: (reason: string) => void;
}): ManagerProcessPort {
  const { facts, counts, stop } = options;
  let isStopping = false;
  return {
    status: () => ({ pid: process.pid, ...facts, ...counts() }),
    stop: (reason) => {
      if (isStopping) return;
      isStopping = true;
      stop(reason);
    },
  };
}
