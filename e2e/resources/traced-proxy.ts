import { readFileSync } from 'node:fs';
import { LineClient } from './line-client.ts';
import type { TempHome } from './temp-home.ts';

/** System calls with which the proxy changes or opens files. */
export const fileCalls = [
  'pwrite64',
  'write',
  'writev',
  'fdatasync',
  'fsync',
  'openat',
  'link',
  'linkat',
  'rename',
  'ftruncate',
  'mkdir',
  'unlink',
] as const;

/** Starts a proxy under strace. Only its main thread is traced: its backend and its thread pool run undisturbed. */
export function startTraced(home: TempHome, name: string, straceArgs: readonly string[]): LineClient {
  const args = ['-qq', '-y', ...straceArgs, '--', ...home.startCommand(name)];
  return new LineClient({ command: 'strace', args, env: home.env, cwd: home.base });
}

/** One moment of a run: the `nth` call of `call`, which touched something of the home. */
export interface Moment {
  readonly call: string;
  readonly nth: number;
}

/** The moments of a trace that concern `home`: a path in the call, or a descriptor of one of its files. */
export function momentsIn(traceFile: string, home: string): readonly Moment[] {
  const counts = new Map<string, number>();
  const moments: Moment[] = [];
  for (const line of readFileSync(traceFile, 'utf8').split('\n')) {
    const call = /^([a-z0-9]+)\(/.exec(line)?.[1];
    if (call === undefined) continue;
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    if (line.includes(home)) moments.push({ call, nth });
  }
  return moments;
}
