import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { treeOf } from '../resources/process-table.ts';

/** Whether this system tells what a process costs. Elsewhere the columns stay empty. */
export const costIsKnown = existsSync('/proc/self/schedstat');

/** The processes of a subject: itself and what it started, but for the backend, whose script is told by its name. */
export function ownProcesses(pid: number): readonly number[] {
  return treeOf(pid).filter((member) => {
    try {
      const [, script = ''] = readFileSync(`/proc/${member}/cmdline`, 'utf8').split('\0');
      return !script.endsWith('echo-backend.mjs');
    } catch {
      return false;
    }
  });
}

/** Processor time used so far, all threads, in microseconds. */
export function cpuMicroseconds(pids: readonly number[]): number {
  let nanoseconds = 0;
  for (const pid of pids) {
    try {
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        const [used = '0'] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ');
        nanoseconds += Number(used);
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return nanoseconds / 1000;
}

/** Resident memory in MiB. */
export function residentMebibytes(pids: readonly number[]): number {
  let kibibytes = 0;
  for (const pid of pids) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    kibibytes += Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  }
  return kibibytes / 1024;
}

/** Processor time all processes of the machine have used, in microseconds; hundredths of a second are its grain. */
export function machineMicroseconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, soft = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + interrupts + soft) * 10_000;
}
