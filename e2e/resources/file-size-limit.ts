import { execFileSync } from 'node:child_process';

/**
 * Lets a running process write no file beyond `bytes` (writes fail with EFBIG), or lifts the limit. Works for root
 * too, which no permission stops. Linux only: it uses `prlimit` of util-linux.
 */
export function limitFileSize(pid: number, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
}
