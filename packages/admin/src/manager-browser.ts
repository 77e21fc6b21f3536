import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where a page could be shown, and what is there to show it. Everything that differs by platform is in this file. */
export interface Screen {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

/** A program that fails does so soon; one that is a browser itself stays. Milliseconds. */
const settledMs = 3_000;

/** Whether anything can be shown to whoever started this process. */
export const hasScreen = ({ env, platform }: Screen): boolean =>
  platform === 'darwin' || (env.DISPLAY ?? '') !== '' || (env.WAYLAND_DISPLAY ?? '') !== '';

/** The program that opens a file in the browser, or undefined where the system has none. */
function browserOpener({ env, platform }: Screen): string | undefined {
  if (platform === 'darwin') return '/usr/bin/open';
  return (env.PATH ?? '')
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, 'xdg-open'))
    .find(isProgram);
}

/**
 * Shows a file in the browser; its path is all that other users of the machine can see of it. Never through a shell.
 * Resolves with why it could not be shown, or undefined.
 */
export function openInBrowser(file: string, screen: Screen): Promise<string | undefined> {
  const opener = browserOpener(screen);
  if (opener === undefined) return Promise.resolve('there is no xdg-open');
  return new Promise((resolve) => {
    const child = spawn(opener, [file], { detached: true, stdio: 'ignore', env: screen.env });
    child.unref();
    const timer = setTimeout(() => resolve(undefined), settledMs);
    const settle = (problem: string | undefined): void => {
      clearTimeout(timer);
      resolve(problem);
    };
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code, signal) =>
      settle(code === 0 ? undefined : `${opener} ended with ${signal ?? `exit code ${code}`}`),
    );
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
