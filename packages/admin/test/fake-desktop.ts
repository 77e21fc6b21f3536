import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** How a program was called, and what it saw of its environment. */
export interface Call {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
}

/** What a program does: waits, then prints and ends. `afterMs` is absent where it stays until it is killed. */
export interface Behaviour {
  readonly afterMs?: number;
  readonly prints?: string;
  readonly exit?: number;
}

/** A desktop whose programs write down how they were called. */
export function fakeDesktop(programs: Readonly<Record<string, Behaviour>>, more: NodeJS.ProcessEnv = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'acp-desktop-'));
  const journal = (name: string) => join(dir, `${name}.calls`);
  for (const [name, { afterMs, prints = '', exit = 0 }] of Object.entries(programs)) {
    // A shell starts at once, on a machine that is busy too.
    const lines = [
      '#!/bin/sh',
      `file="${journal(name)}.$$"`,
      '/usr/bin/env -0 > "$file.env"',
      `printf '%s\\0' "$@" > "$file.args.new"`,
      '/bin/mv "$file.args.new" "$file.args"',
      `/bin/sleep ${afterMs === undefined ? 3_600 : afterMs / 1000}`,
      `printf '%s' '${prints}'`,
      `exit ${exit}`,
    ];
    writeFileSync(join(dir, name), `${lines.join('\n')}\n`);
    chmodSync(join(dir, name), 0o755);
  }
  const env: NodeJS.ProcessEnv = { PATH: `relative${delimiter}${dir}`, DISPLAY: ':9', ...more };
  return {
    env,
    calls: (name: string): readonly Call[] =>
      readdirSync(dir)
        .flatMap((file) => {
          const [, pid] = new RegExp(`^${name}\\.calls\\.([0-9]+)\\.args$`).exec(file) ?? [];
          if (pid === undefined) return [];
          const parts = (kind: string) =>
            readFileSync(join(dir, `${name}.calls.${pid}.${kind}`), 'utf8').split('\0');
          const env = Object.fromEntries(
            parts('env').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
          );
          const at = statSync(join(dir, file)).mtimeMs;
          return [{ args: parts('args').slice(0, -1), env, pid: Number(pid), at }];
        })
        .sort((one, other) => one.at - other.at),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
