import { spawn } from 'node:child_process';
import { managerEnvironment } from '@mcp-acp/admin/manager-environment';

export interface Notification {
  readonly title: string;
  readonly text: string;
}

/** A notification service that hangs is not waited for. Milliseconds. */
const mostMs = 10_000;

/** On macOS, texts are arguments of a fixed script, never part of it. */
const script = [
  'on run argv',
  'display notification (item 2 of argv) with title (item 1 of argv)',
  'end run',
];

/** Raises a notification of the system, where it has a way to. Whether it did is not known: there is stderr too. */
export function tellPerson({ title, text }: Notification, env: NodeJS.ProcessEnv): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['osascript', ...script.flatMap((line) => ['-e', line]), title, text]
      : ['notify-send', '--app-name=mcp-acp', '--', title, text];
  if (command === undefined || !mayNotify(env)) return;
  const child = spawn(command, args, {
    stdio: 'ignore',
    shell: false,
    timeout: mostMs,
    env: managerEnvironment(env),
  });
  child.on('error', () => undefined);
  child.unref();
}

/** A notification needs a bus; a screen as the browser does is a hint that there is one. */
const mayNotify = (env: NodeJS.ProcessEnv): boolean =>
  process.platform === 'darwin' ||
  [env.DISPLAY, env.WAYLAND_DISPLAY, env.DBUS_SESSION_BUS_ADDRESS].some(
    (value) => value !== undefined && value !== '',
  );
