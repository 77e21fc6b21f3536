import { liveInstances } from '@mcp-acp/audit/live-instances';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { systemErrorCode } from '@mcp-acp/shared/errors';

export interface AskedInstance {
  readonly instance: string;
  readonly pid: number;
  readonly asked: boolean;
  /** Why it could not be asked: the system's code. */
  readonly problem?: string;
}

/** Asks every live instance of a proxy to read its policy again (SIGHUP). What each made of it is in its journal. */
export function askToReload(paths: HomePaths, name: string): readonly AskedInstance[] {
  return liveInstances(paths.auditDir(name)).map(({ instance, pid }) => {
    try {
      process.kill(pid, 'SIGHUP');
      return { instance, pid, asked: true };
    } catch (error) {
      return { instance, pid, asked: false, problem: systemErrorCode(error) ?? 'unknown' };
    }
  });
}
