import { type ChildProcess, spawn } from 'node:child_process';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import { limits } from '@mcp-acp/shared/limits';
import type { BackendEnd, BackendExit } from '../backend-end.ts';

import { streamSource } from './byte-source.ts';
import { createStreamEnd } from './stream-end.ts';

export interface BackendLaunch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the process; nothing is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly lineLimitBytes: number;
  /** Gets what the process writes on stderr. */
  onStderr(chunk: Buffer): void;
}

/** A backend that runs as a process; terminating it ends its whole group: SIGTERM, and SIGKILL after the grace period. */
export interface StdioBackend extends BackendEnd {
  readonly pid: number | undefined;
}

/**
 * Starts a backend without a shell, as the leader of a process group of its own, so that what it starts in turn can be
 * ended with it.
 */
export function spawnBackend(launch: BackendLaunch): StdioBackend {
  const child = spawn(launch.command, launch.args, {
    ...(launch.cwd === undefined ? {} : { cwd: launch.cwd }),
    env: launch.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    shell: false,
  });
  child.stderr.on('data', launch.onStderr);
  const end = createStreamEnd({
    input: streamSource(child.stdout),
    output: child.stdin,
    lineLimitBytes: launch.lineLimitBytes,
  });
  const exited = exitOf(child, launch);
  return {
    ...end,
    get pid() {
      return child.pid;
    },
    endsWithItsInput: true,
    exited,
    terminate: (graceMs = limits.terminateGraceMs) => terminate(child, exited, graceMs),
  };
}

/** How long the output of an ended process may stay open, because a process it started holds it. Milliseconds. */
const outputGraceMs = 250;

function exitOf(child: ChildProcess, launch: BackendLaunch): Promise<BackendExit> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ kind: 'not_started', error: notStarted(error, launch) });
    });
    child.once('exit', (code, signal) => {
      const exit: BackendExit =
        signal === null ? { kind: 'exited', code: code ?? 1 } : { kind: 'signalled', signal };
      const timer = setTimeout(() => {
        // A process outside the group may hold them for ever.
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(exit);
      }, outputGraceMs);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(exit);
      });
    });
  });
}

function notStarted(error: Error, { command, cwd }: BackendLaunch): AcpError {
  const code = systemErrorCode(error);
  if (code === 'ENOENT' && cwd !== undefined) {
    return new AcpError(
      'backend_not_started',
      `The backend's command "${command}" or its folder "${cwd}" does not exist.`,
      {
        fix: 'Give the command with its absolute path (clients do not inherit the PATH of your shell) and an existing folder.',
      },
    );
  }
  if (code === 'ENOENT') {
    return new AcpError('backend_not_started', `The backend's command "${command}" was not found.`, {
      fix: 'Give its absolute path (`which COMMAND` prints it): clients do not inherit the PATH of your shell.',
    });
  }
  if (code === 'EACCES') {
    return new AcpError('backend_not_started', `The backend's command "${command}" may not be executed.`, {
      fix: 'Make the file executable, or start it through its interpreter.',
    });
  }
  return new AcpError(
    'backend_not_started',
    `The backend "${command}" could not be started: ${error.message}.`,
  );
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

async function terminate(
  child: ChildProcess,
  exited: Promise<BackendExit>,
  graceMs: number,
): Promise<BackendExit> {
  child.stdin?.destroy();
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  const exit = await exited;
  clearTimeout(timer);
  // What the backend started and left behind in its group goes with it.
  signalGroup(child, 'SIGKILL');
  return exit;
}
