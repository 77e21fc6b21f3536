import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/** A process, told apart from a later one with the same id. Everything that differs by platform is in this file. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: start time in clock ticks since boot. macOS: in whole seconds since the Unix epoch. */
  readonly started: string;
  /** Linux: the boot's id. Absent where the system tells none. */
  readonly boot?: string;
  /** Linux: the namespace in which `pid` means something. */
  readonly space?: string;
}

/** `unknown`: of a pid namespace that cannot be seen from here, so it must be taken for alive. */
export type Liveness = 'alive' | 'dead' | 'unknown';

function readOptional(read: () => string): string | undefined {
  try {
    return read().trim();
  } catch {
    return undefined;
  }
}

/** Fields 3 (state) and 22 (start time) of `/proc/<pid>/stat`; the name in field 2 may hold anything, so count from its end. */
function linuxProcess(pid: number | 'self'): { state: string; started: string } | undefined {
  const stat = readOptional(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields?.[0];
  const started = fields?.[19];
  return state === undefined || started === undefined ? undefined : { state, started };
}

let own: ProcessIdentity | undefined;

/** This process. */
export function ownProcess(): ProcessIdentity {
  if (own?.pid === process.pid) return own;
  if (process.platform === 'linux') {
    const boot = readOptional(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'));
    const space = readOptional(() => readlinkSync('/proc/self/ns/pid'));
    own = {
      pid: process.pid,
      started: linuxProcess('self')?.started ?? '0',
      ...(boot === undefined ? {} : { boot }),
      ...(space === undefined ? {} : { space }),
    };
  } else {
    own = { pid: process.pid, started: String(Math.round(performance.timeOrigin / 1000)) };
  }
  return own;
}

/** Whether the process that wrote `identity` down still runs. A zombie no longer writes, so it is dead. */
export function livenessOf(identity: ProcessIdentity): Liveness {
  const self = ownProcess();
  if (identity.pid === self.pid && identity.started === self.started && identity.boot === self.boot) {
    return identity.space === self.space ? 'alive' : 'unknown';
  }
  if (process.platform !== 'linux') return otherPlatformLiveness(identity);
  if (identity.boot !== undefined && self.boot !== undefined && identity.boot !== self.boot) return 'dead';
  if (identity.space !== self.space) return 'unknown';
  const found = linuxProcess(identity.pid);
  if (found === undefined || found.started !== identity.started) return 'dead';
  return found.state === 'Z' || found.state === 'X' ? 'dead' : 'alive';
}

/** `ps` prints the start time in whole seconds; the process itself measured it a moment later. */
const startToleranceSeconds = 2;

function otherPlatformLiveness(identity: ProcessIdentity): Liveness {
  const text = readOptional(() =>
    execFileSync('ps', ['-o', 'lstart=', '-p', String(identity.pid)], {
      encoding: 'latin1',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2_000,
    }),
  );
  if (text === undefined || text === '') return 'dead';
  const seconds = Date.parse(text) / 1000;
  if (Number.isNaN(seconds)) return 'unknown';
  return Math.abs(seconds - Number(identity.started)) <= startToleranceSeconds ? 'alive' : 'dead';
}
