import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { managerEnvironment } from './manager-environment.ts';

/** The desktop of whoever started this process. */
export interface Desktop {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

/** How a program of the desktop ended. `code` is null where it was killed; times in milliseconds. */
export interface DesktopProgramEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly ranMs: number;
}

export interface DesktopProgramOptions {
  readonly env: NodeJS.ProcessEnv;
  /** It is killed with the signal. */
  readonly signal?: AbortSignal;
  /** It is killed after this time. Milliseconds. */
  readonly mostMs: number;
}

const mostOutput = 4_096;
/** A program that was asked to end and does not is killed after this time. Milliseconds. */
const killMs = 2_000;

/** Absolute path of a program of the desktop, or undefined where the system has none of that name. */
export function findDesktopProgram(name: string, { env, platform }: Desktop): string | undefined {
  return [...(env.PATH ?? '').split(delimiter), ...(platform === 'darwin' ? ['/usr/bin'] : [])]
    .filter(isAbsolute)
    .map((folder) => join(folder, name))
    .find(isProgram);
}

/** Runs a program that shows something. Never through a shell, never waited for by the process's end, never rejects. */
export function runDesktopProgram(
  program: string,
  args: readonly string[],
  { env, signal, mostMs }: DesktopProgramOptions,
): Promise<DesktopProgramEnd> {
  const startedMs = performance.now();
  const end = (code: number | null, stdout = ''): DesktopProgramEnd => ({
    code,
    stdout,
    ranMs: performance.now() - startedMs,
  });
  if (signal?.aborted) return Promise.resolve(end(null));
  return new Promise<DesktopProgramEnd>((resolve) => {
    // A group of its own: what the program is a wrapper of ends with it.
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: false,
      detached: true,
      env: desktopEnvironment(env),
    });
    let stdout = '';
    let killing: NodeJS.Timeout | undefined;
    const kill = (): void => {
      killGroup(child.pid, 'SIGTERM');
      killing ??= setTimeout(() => killGroup(child.pid, 'SIGKILL'), killMs).unref();
    };
    const timer = setTimeout(kill, mostMs).unref();
    const settle = (code: number | null): void => {
      clearTimeout(timer);
      clearTimeout(killing);
      signal?.removeEventListener('abort', kill);
      resolve(end(code, stdout));
    };
    signal?.addEventListener('abort', kill, { once: true });
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      if (stdout.length < mostOutput) stdout += chunk.slice(0, mostOutput - stdout.length);
    });
    child.on('error', () => settle(null));
    // What it wrote has been read by then.
    child.on('close', (code) => settle(code));
    child.unref();
  }).catch(() => end(null));
}

/** No secret of the proxy's backend; the screen, its permission, the bus, the language. */
function desktopEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { XAUTHORITY, LC_ALL, LC_CTYPE } = env;
  return {
    // Texts are UTF-8, which these programs take only in a language that is.
    LANG: 'C.UTF-8',
    ...managerEnvironment(env),
    ...(XAUTHORITY === undefined ? {} : { XAUTHORITY }),
    ...(LC_ALL === undefined ? {} : { LC_ALL }),
    ...(LC_CTYPE === undefined ? {} : { LC_CTYPE }),
    ...zenityCodes,
  };
}

/** By default zenity ends with 1 for "no", for a closed window and for no screen; these tell them apart. */
export const zenityExits = { yes: 40, no: 41, closed: 42 } as const;
const zenityCodes = {
  ZENITY_OK: String(zenityExits.yes),
  ZENITY_CANCEL: String(zenityExits.no),
  ZENITY_ESC: String(zenityExits.closed),
};

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
