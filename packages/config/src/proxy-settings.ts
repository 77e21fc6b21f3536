import { isAbsolute } from 'node:path';
import { isProxyId } from '@mcp-acp/shared/ids';
import { limits } from '@mcp-acp/shared/limits';
import type { SettingsFile } from './setting.ts';

const noNul = (text: string) => (text.includes('\0') ? 'A NUL character cannot be passed on.' : undefined);

function variableNameProblem(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_.()-]*$/.test(name))
    return `${JSON.stringify(name)} cannot be the name of a variable.`;
  // A backend that could read or set them could point the proxy's own tools at another home.
  if (name.toUpperCase().startsWith('MCP_ACP_')) return 'Variables of mcp-acp itself never reach a backend.';
  return undefined;
}

/** `proxies/<name>/config.json`. */
export const proxySettings: SettingsFile = {
  title: 'config.json of a proxy',
  format: 1,
  restart: 'client',
  optionalGroups: ['limits', 'limits.rate', 'audit'],
  settings: [
    {
      key: 'id',
      type: {
        kind: 'text',
        says: '"px_" and 16 characters',
        problem: (text) => (isProxyId(text) ? undefined : 'It is "px_" and 16 of a-z and 2-7.'),
      },
      required: true,
      fixed: true,
      description: "The proxy's identity in its journal. Made once, never changed.",
      example: 'px_abcdefghijklmnop',
    },
    {
      key: 'backend.id',
      type: {
        kind: 'text',
        says: '1 to 64 letters, digits, ".", "-" or "_"',
        problem: (text) =>
          /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)
            ? undefined
            : 'It has 1 to 64 letters, digits, ".", "-" or "_", and starts with a letter or digit.',
      },
      description: "What a policy's `backend_id` matches. The proxy's name where it is not given.",
      example: 'files',
    },
    {
      key: 'backend.transport',
      type: {
        kind: 'choice',
        values: ['stdio'],
        refused: { http: 'HTTP backends are not supported by this version.' },
      },
      default: 'stdio',
      description: 'How the backend is reached: `stdio` starts it as a child process.',
      example: 'stdio',
    },
    {
      key: 'backend.command',
      type: {
        kind: 'text',
        says: 'a program',
        problem: (text) => (text.trim() === '' ? 'It is empty.' : noNul(text)),
      },
      required: true,
      description: 'The program to start, without a shell: an absolute path, or a name looked up in `PATH`.',
      example: '/usr/bin/npx',
    },
    {
      key: 'backend.args',
      type: { kind: 'list', says: 'a list of texts', problem: noNul },
      default: [],
      description: "The program's arguments, one text each; nothing is split or expanded.",
      example: ['-y', '@modelcontextprotocol/server-filesystem', '/home/me/project'],
    },
    {
      key: 'backend.cwd',
      type: {
        kind: 'text',
        says: 'an absolute path',
        problem: (text) => (isAbsolute(text) ? noNul(text) : 'It must be an absolute path.'),
      },
      description: "The backend's working directory. The client's where it is not given.",
      example: '/home/me/project',
    },
    {
      key: 'backend.env',
      type: {
        kind: 'map',
        says: 'names with their values, both texts',
        problem: (name, value) => variableNameProblem(name) ?? noNul(value),
      },
      default: {},
      description: 'Variables the backend gets, with their values. Secrets belong in `backend.inheritEnv`.',
      example: { LANG: 'C.UTF-8' },
    },
    {
      key: 'backend.inheritEnv',
      type: { kind: 'list', says: 'a list of variable names', problem: variableNameProblem },
      default: [],
      description:
        'Names of variables whose values the backend gets from the environment the client gives the proxy.',
      example: ['GITHUB_TOKEN'],
    },
    {
      key: 'backend.callIdleMs',
      type: { kind: 'integer', least: 0, most: 86_400_000, unit: 'milliseconds' },
      default: limits.callIdleMs,
      description:
        'How long the backend may stay silent on a call before the call is answered as timed out; 0 waits for ever.',
      example: 300_000,
    },
    {
      key: 'limits.messageBytes',
      type: { kind: 'integer', least: 1024, most: 256 * 1024 * 1024, unit: 'bytes' },
      default: limits.messageBytes,
      description: 'The longest message accepted from either side.',
      example: 33_554_432,
    },
    {
      key: 'limits.rate.calls',
      type: { kind: 'integer', least: 1, most: 1_000_000 },
      required: true,
      description:
        'How many access requests may run in one window. There is no rate limit without `limits.rate`.',
      example: 60,
    },
    {
      key: 'limits.rate.perMs',
      type: { kind: 'integer', least: 1, most: 86_400_000, unit: 'milliseconds' },
      default: 60_000,
      description: "The window's length.",
      example: 60_000,
    },
    {
      key: 'limits.rate.effect',
      type: { kind: 'choice', values: ['ask', 'deny'] },
      default: 'deny',
      description: 'What happens to a request over the limit.',
      example: 'ask',
    },
    {
      key: 'logLevel',
      type: { kind: 'choice', values: ['info', 'debug'] },
      default: 'info',
      description: '`debug` also writes both wires, redacted and bounded, to `debug/`.',
      example: 'debug',
    },
    {
      key: 'audit.durability',
      type: { kind: 'choice', values: ['sync', 'flush'] },
      default: 'sync',
      description:
        '`sync` puts every intent on the disk before its call is sent; `flush` hands it to the operating system, so a power failure can take the last records.',
      example: 'sync',
    },
    {
      key: 'audit.payloads',
      type: { kind: 'choice', values: ['arguments', 'full', 'none'] },
      default: 'arguments',
      description:
        'What is kept of a call beside the journal, redacted: its arguments (up to 8 KiB), arguments and results (up to 1 MiB), or nothing.',
      example: 'none',
    },
  ],
};
