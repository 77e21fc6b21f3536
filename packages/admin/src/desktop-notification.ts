import { visible } from '@mcp-acp/shared/visible';
import { findDesktopProgram, runDesktopProgram } from './desktop-program.ts';
import { isolatedLine } from './isolated-line.ts';

export interface DesktopNotification {
  readonly title: string;
  readonly text: string;
}

export interface NotificationOptions {
  readonly platform?: NodeJS.Platform;
  /** A service that has not taken it by then is not there. Milliseconds. */
  readonly mostMs?: number;
}

const withinMs = 3_000;
const longest = { title: 120, text: 400 } as const;

/** Texts are arguments of a fixed script, never part of it. The first one is no option, so none of those behind it is. */
const script = [
  'on run argv',
  'display notification (item 3 of argv) with title (item 2 of argv)',
  'end run',
];

/** Raises a notification of the system. True only where the service took it in time, by default 3 seconds. Never throws. */
export async function notifyDesktop(
  notification: DesktopNotification,
  env: NodeJS.ProcessEnv,
  { platform = process.platform, mostMs = withinMs }: NotificationOptions = {},
): Promise<boolean> {
  if (!mayNotify(env, platform)) return false;
  const isMac = platform === 'darwin';
  const program = findDesktopProgram(isMac ? 'osascript' : 'notify-send', { env, platform });
  if (program === undefined) return false;
  const title = isolatedLine(visible(notification.title, longest.title));
  const text = isolatedLine(visible(notification.text, longest.text));
  const args = isMac
    ? [...script.flatMap((line) => ['-e', line]), 'mcp-acp', title, text]
    : ['--app-name=mcp-acp', '--', title, asBody(text)];
  const { code } = await runDesktopProgram(program, args, { env, mostMs });
  return code === 0;
}

/** The text of a notification may hold markup, and notify-send undoes backslashes before the service reads it. */
const asBody = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\\', '\\\\');

/** A notification needs a bus; a screen as the browser does is a hint that there is one. */
const mayNotify = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean =>
  platform === 'darwin' ||
  [env.DISPLAY, env.WAYLAND_DISPLAY, env.DBUS_SESSION_BUS_ADDRESS].some(
    (value) => value !== undefined && value !== '',
  );
