import { join } from 'node:path';
import { AcpError } from '@mcp-acp/shared/errors';

/** What starts the manager when the user logs in, as a file and the commands that make the system see it. */
export interface ServiceFile {
  readonly kind: 'systemd' | 'launchd';
  /** The name the system knows it by. */
  readonly name: string;
  readonly file: string;
  readonly content: string;
  /** Says whether the system's service manager can be asked at all. */
  readonly probe: readonly string[];
  /** Run one after the other, once the file is there. */
  readonly enable: readonly (readonly string[])[];
  /** Before the file is taken away. */
  readonly disable: readonly (readonly string[])[];
  /** After it. */
  readonly forget: readonly (readonly string[])[];
}

export interface ServicePlace {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** The user's home. */
  readonly userHome: string;
  readonly uid: number;
  /** Absolute paths of Node and of the program. */
  readonly node: string;
  readonly bin: string;
  /** Where launchd puts what the manager prints. */
  readonly output: string;
}

const systemdName = 'mcp-acp-manager.service';
const launchdName = 'mcp-acp.manager';

/** Between two starts of one that fails, since whatever is in its way seldom goes at once. Seconds. */
const restartSeconds = 30;

/** Throws AcpError('unsupported_platform'), and 'usage' for a path that neither kind of file can hold. */
export function serviceFile(place: ServicePlace): ServiceFile {
  const { env, node, bin, output } = place;
  for (const path of [node, bin, output, env.MCP_ACP_HOME ?? '']) {
    if (/\p{Cc}/u.test(path)) {
      throw new AcpError('usage', `A service cannot name a path with control characters: ${path}`);
    }
  }
  if (place.platform === 'linux') return systemdUnit(place);
  if (place.platform === 'darwin') return launchAgent(place);
  throw new AcpError('unsupported_platform', `There is no service for ${place.platform}.`);
}

/** It stays until the user logs out, and opens nothing by itself at every login. */
const commandLine = ({ node, bin }: ServicePlace): readonly string[] => [
  node,
  bin,
  'manager',
  'start',
  '--foreground',
  '--headless',
  '--stay',
];

function systemdUnit(place: ServicePlace): ServiceFile {
  const { env, userHome } = place;
  const folder = join(env.XDG_CONFIG_HOME || join(userHome, '.config'), 'systemd', 'user');
  const systemctl = (...words: readonly string[]) => ['systemctl', '--user', ...words];
  const home = env.MCP_ACP_HOME ?? '';
  return {
    kind: 'systemd',
    name: systemdName,
    file: join(folder, systemdName),
    content: [
      '[Unit]',
      'Description=mcp-acp manager: watches the proxies and serves their dashboard',
      '',
      '[Service]',
      'Type=exec',
      `ExecStart=${commandLine(place).map(systemdWord).join(' ')}`,
      ...(home === '' ? [] : [`Environment=${systemdValue(`MCP_ACP_HOME=${home}`)}`]),
      'UMask=0077',
      'Restart=on-failure',
      `RestartSec=${restartSeconds}`,
      '',
      '[Install]',
      'WantedBy=default.target',
      '',
    ].join('\n'),
    probe: systemctl('show-environment'),
    enable: [systemctl('daemon-reload'), systemctl('enable', '--now', systemdName)],
    disable: [systemctl('disable', '--now', systemdName)],
    forget: [systemctl('daemon-reload')],
  };
}

/** Quoted for systemd.syntax(7); `%` begins a specifier. */
const systemdValue = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;

/** In a command line (systemd.service(5)) `$` begins a variable as well. */
const systemdWord = (text: string): string =>
  /^[A-Za-z0-9/._+-]+$/.test(text) ? text : systemdValue(text).replaceAll('$', '$$$$');

function launchAgent(place: ServicePlace): ServiceFile {
  const { env, userHome, uid, output } = place;
  const file = join(userHome, 'Library', 'LaunchAgents', `${launchdName}.plist`);
  const home = env.MCP_ACP_HOME ?? '';
  const text = (value: string) => `<string>${escapeXml(value)}</string>`;
  const target = `gui/${uid}`;
  return {
    kind: 'launchd',
    name: launchdName,
    file,
    content: [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
      '<plist version="1.0">',
      '<dict>',
      `  <key>Label</key>${text(launchdName)}`,
      '  <key>ProgramArguments</key>',
      '  <array>',
      ...commandLine(place).map((word) => `    ${text(word)}`),
      '  </array>',
      ...(home === ''
        ? []
        : ['  <key>EnvironmentVariables</key>', `  <dict><key>MCP_ACP_HOME</key>${text(home)}</dict>`]),
      '  <key>RunAtLoad</key><true/>',
      '  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>',
      `  <key>ThrottleInterval</key><integer>${restartSeconds}</integer>`,
      '  <key>Umask</key><integer>63</integer>',
      `  <key>StandardOutPath</key>${text(output)}`,
      `  <key>StandardErrorPath</key>${text(output)}`,
      '</dict>',
      '</plist>',
      '',
    ].join('\n'),
    probe: ['launchctl', 'print', target],
    enable: [['launchctl', 'bootstrap', target, file]],
    disable: [['launchctl', 'bootout', `${target}/${launchdName}`]],
    forget: [],
  };
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
