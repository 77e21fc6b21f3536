import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { treeOf } from '../../resources/process-table.ts';
import { isMessage, type Message } from './json-rpc.ts';

export interface Program {
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

export interface LineProcess {
  send(message: Message): void;
  /** Ends its standard input and resolves when it has ended; what is left of its family then is killed. */
  end(): Promise<void>;
}

export interface LineProcessListener {
  message(message: Message): void;
  /** The process is gone, with the last that it said on standard error. */
  gone(reason: string): void;
}

const graceMs = 10_000;
const stderrLimit = 4096;

/** A server on stdio: one message a line in both directions. */
export function startLineProcess(program: Program, listener: LineProcessListener): LineProcess {
  const [command, ...args] = program.command;
  const child = spawn(command, args, {
    stdio: 'pipe',
    env: program.env,
    ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-stderrLimit);
  });
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message: unknown = JSON.parse(line);
    if (isMessage(message)) listener.message(message);
  });
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      stderr += error.message;
      resolve();
    });
    child.on('close', (code, signal) => {
      listener.gone(`the process ended (${code ?? signal}) ${stderr.trim()}`);
      resolve();
    });
  });
  return {
    send: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    async end() {
      const family = treeOf(child.pid ?? -1);
      child.stdin.end();
      const timer = setTimeout(() => {
        for (const pid of family) kill(pid);
      }, graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
