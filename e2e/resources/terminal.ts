import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { binary } from './fixtures.ts';
import { treeOf } from './process-table.ts';
import type { TempHome } from './temp-home.ts';

/** A command with a terminal of its own, at which a test sits as a person would. */
export interface Terminal extends AsyncDisposable {
  /** All that was shown so far, without what colours it and moves the cursor. */
  shown(): string;
  /** Waits until this was shown. */
  shows(what: string | RegExp): Promise<void>;
  type(keys: string): void;
  /** Its exit code. */
  ended(): Promise<number | null>;
}

/** A terminal as a person waits at one. Milliseconds. */
const patienceMs = 120_000;

const quoted = (words: readonly string[]): string =>
  words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');

/** `script` gives a program a terminal: it comes with every Debian, Fedora and macOS, and takes its arguments in two ways. */
const inTerminal = (words: readonly string[]): readonly string[] =>
  process.platform === 'darwin'
    ? ['-q', '/dev/null', ...words]
    : ['-q', '-e', '-f', '-c', quoted(words), '/dev/null'];

/** Runs one `mcp-acp` command in a terminal. */
export function openTerminal(home: TempHome, args: readonly string[]): Terminal {
  const child = spawn('script', inTerminal([process.execPath, binary, ...args]), {
    env: { ...home.env, TERM: 'xterm', SHELL: '/bin/sh', COLUMNS: '200', LINES: '60' },
    cwd: home.base,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let code: number | null | undefined;
  let problem = '';
  const watchers = new Set<() => void>();
  const wake = (): void => {
    for (const watcher of [...watchers]) watcher();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      wake();
    });
  }
  child.stdin.on('error', () => {});
  child.on('error', (error) => {
    problem = `\`script\`, which gives a program a terminal, does not start (install util-linux): ${error.message}`;
    code = null;
    wake();
  });
  child.on('close', (exit) => {
    code = exit;
    wake();
  });
  const shown = (): string => stripVTControlCharacters(output);
  const until = (what: string, isTrue: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        watchers.delete(look);
        settle();
      };
      const look = (): void => {
        if (isTrue()) finish(resolve);
        else if (code !== undefined)
          finish(() => reject(new Error(`${what}: it ended. ${problem}\n${shown()}`)));
      };
      const timer = setTimeout(
        () => finish(() => reject(new Error(`${what} never came:\n${shown()}`))),
        patienceMs,
      );
      watchers.add(look);
      look();
    });
  return {
    shown,
    shows: (what) =>
      until(String(what), () => (typeof what === 'string' ? shown().includes(what) : what.test(shown()))),
    type: (keys) => {
      child.stdin.write(keys);
    },
    ended: async () => {
      await until('the end of the command', () => code !== undefined);
      return code ?? null;
    },
    [Symbol.asyncDispose]: async () => {
      for (const pid of code === undefined && child.pid !== undefined
        ? [...treeOf(child.pid)].reverse()
        : []) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has ended already.
        }
      }
      if (problem === '') await until('its end', () => code !== undefined);
    },
  };
}
