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

/** Asks a live instance to read its files again (SIGHUP). What it made of them is in its journal. */
export function signalToReload({ instance, pid }: Pick<LiveInstance, 'instance' | 'pid'>): AskedInstance {
  try {
    process.kill(pid, 'SIGHUP');
    return { instance, pid, asked: true };
  } catch (error) {
    return { instance, pid, asked: false, problem: systemErrorCode(error) ?? 'unknown' };
  }
}
