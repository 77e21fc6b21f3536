import { type LiveInstance, liveInstances } from '@mcp-acp/audit/live-instances';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';

/** The instances of a proxy that run now; with `problem`, which ones cannot be told. */
export interface RunningInstances {
  readonly instances: readonly LiveInstance[];
  readonly problem?: AcpError;
}

/** A journal that cannot be read hides who runs, but must not hide everything else about a proxy. */
export function runningInstances(paths: HomePaths, name: string): RunningInstances {
  try {
    return { instances: liveInstances(paths.auditDir(name)) };
  } catch (error) {
    if (error instanceof AcpError) return { instances: [], problem: error };
    throw error;
  }
}

export interface AskedInstance {
  readonly instance: string;
  readonly pid: number;
  readonly asked: boolean;
  /** Why it could not be asked: the system's code. */
  readonly problem?: string;
}

/**
 * Asks every live instance of a proxy to read its policy again (SIGHUP). What each made of it is in its journal.
 * Throws AcpError('audit_unavailable') where the journal does not tell who runs.
 */
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
