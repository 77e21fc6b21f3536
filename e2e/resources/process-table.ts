import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly zombie: boolean;
}

function fromProc(): readonly ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      rows.push({ pid: Number(entry), parent: Number(parent), zombie: state === 'Z' });
    } catch {
      // The process ended while it was read.
    }
  }
  return rows;
}

function fromPs(): readonly ProcessRow[] {
  const listed = execFileSync('ps', ['-axo', 'pid=,ppid=,state='], { encoding: 'utf8' });
  return listed
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, state]) => ({
      pid: Number(pid),
      parent: Number(parent),
      zombie: state?.startsWith('Z') ?? false,
    }));
}

const table = (): readonly ProcessRow[] => (process.platform === 'linux' ? fromProc() : fromPs());

/** A process and all that descends from it, parents first. Empty when it has ended. */
export function treeOf(pid: number): readonly number[] {
  const rows = table();
  if (!rows.some((row) => row.pid === pid)) return [];
  const family = [pid];
  for (const member of family) {
    family.push(...rows.filter((row) => row.parent === member).map((row) => row.pid));
  }
  return family;
}

/** Whether a process runs. One that has ended and waits for its parent to notice does not. */
export const isRunning = (pid: number): boolean => table().some((row) => row.pid === pid && !row.zombie);

/** Resolves when none of the processes runs; rejects with those that still do when patience ends. */
export async function allEnded(pids: readonly number[], patienceMs = 15_000): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const left = pids.filter(isRunning);
    if (left.length === 0) return;
    if (Date.now() > until) throw new Error(`still running: ${left.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Most resident memory a process ever had, in bytes. Linux only. */
export function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}
