/** What the manager is given of the environment of whoever starts it: how to find files, the language, the screen. */
const names: ReadonlySet<string> = new Set([
  'HOME',
  'PATH',
  'LANG',
  'MCP_ACP_HOME',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'DBUS_SESSION_BUS_ADDRESS',
]);

/** The first proxy starts the manager, and a client gives a proxy secrets that are meant for its backend alone. */
export const managerEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => value !== undefined && (names.has(name) || name.startsWith('XDG_')),
    ),
  );
