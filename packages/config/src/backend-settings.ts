import { isAbsolute } from 'node:path';
import { limits } from '@mcp-acp/shared/limits';
import { backendUrlProblem } from './backend-url.ts';
import { headerProblem, inheritedHeaderProblem } from './header-rules.ts';
import type { OnlyWith, Setting } from './setting.ts';

const stdio: OnlyWith = { key: 'backend.transport', values: ['stdio'] };
const http: OnlyWith = { key: 'backend.transport', values: ['http', 'sse'] };

const noNul = (text: string) => (text.includes('\0') ? 'A NUL character cannot be passed on.' : undefined);

function variableNameProblem(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_.()-]*$/.test(name))
    return `${JSON.stringify(name)} cannot be the name of a variable.`;
  // A backend that could read or set them could point the proxy's own tools at another home.
  if (name.toUpperCase().startsWith('MCP_ACP_')) return 'Variables of mcp-acp itself never reach a backend.';
  return undefined;
}

/** `backend` of `config.json`: what every transport has, then what one of them has. */
export const backendSettings: readonly Setting[] = [
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
      values: ['stdio', 'http', 'sse'],
    },
    default: 'stdio',
    description:
      'How the backend is reached: `stdio` starts it as a child process; `http` is Streamable HTTP, or the older HTTP+SSE where the server speaks only that; `sse` is HTTP+SSE at once.',
    example: 'stdio',
  },
  {
    key: 'backend.command',
    onlyWith: stdio,
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
    onlyWith: stdio,
    type: { kind: 'list', says: 'a list of texts', problem: noNul },
    default: [],
    description: "The program's arguments, one text each; nothing is split or expanded.",
    example: ['-y', '@modelcontextprotocol/server-filesystem', '/home/me/project'],
  },
  {
    key: 'backend.cwd',
    onlyWith: stdio,
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
    onlyWith: stdio,
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
    onlyWith: stdio,
    type: { kind: 'list', says: 'a list of variable names', problem: variableNameProblem },
    default: [],
    description:
      'Names of variables whose values the backend gets from the environment the client gives the proxy.',
    example: ['GITHUB_TOKEN'],
  },
  {
    key: 'backend.callIdleMs',
    onlyWith: stdio,
    type: { kind: 'integer', least: 0, most: 86_400_000, unit: 'milliseconds' },
    default: limits.callIdleMs,
    description:
      'How long the backend may stay silent on a call before the call is answered as timed out; 0 waits for ever.',
    example: 300_000,
  },
  {
    key: 'backend.url',
    onlyWith: http,
    type: { kind: 'text', says: 'an http or https URL', problem: backendUrlProblem },
    required: true,
    description: 'Where the MCP server listens. Without user info and fragment: secrets are sent as headers.',
    example: 'https://mcp.example.com/mcp',
  },
  {
    key: 'backend.headers',
    onlyWith: http,
    type: { kind: 'map', says: 'names with their values, both texts', problem: headerProblem },
    default: {},
    description:
      'Headers sent with every request, with their values. Secrets belong in `backend.inheritHeaders`.',
    example: { 'X-Team': 'platform' },
  },
  {
    key: 'backend.inheritHeaders',
    onlyWith: http,
    type: { kind: 'list', says: 'a list of header names', problem: inheritedHeaderProblem },
    default: [],
    description:
      'Names of headers whose values come from the environment the client gives the proxy: the variable of exactly that name, else of the name in capitals with `_` for `-` (`X-Api-Key`: `X_API_KEY`).',
    example: ['Authorization'],
  },
  {
    key: 'backend.connectMs',
    onlyWith: http,
    type: { kind: 'integer', least: 1, most: 600_000, unit: 'milliseconds' },
    default: 10_000,
    description: 'How long one attempt to connect may take, name look-up and TLS included.',
    example: 10_000,
  },
  {
    key: 'backend.firstByteMs',
    onlyWith: http,
    type: { kind: 'integer', least: 0, most: 86_400_000, unit: 'milliseconds' },
    default: limits.callIdleMs,
    description: 'How long the backend may take until its reply begins; 0 waits for ever.',
    example: 300_000,
  },
  {
    key: 'backend.idleMs',
    onlyWith: http,
    type: { kind: 'integer', least: 0, most: 86_400_000, unit: 'milliseconds' },
    default: limits.callIdleMs,
    description:
      'The longest silence inside a reply that has begun; keep-alive comments count as a sign of life. 0 waits for ever.',
    example: 300_000,
  },
  {
    key: 'backend.connectRetries',
    onlyWith: http,
    type: { kind: 'integer', least: 0, most: 100 },
    default: 4,
    description:
      'How many further attempts to connect are made, with growing pauses. A call that may have run is never repeated.',
    example: 4,
  },
  {
    key: 'backend.maxConnections',
    onlyWith: http,
    type: { kind: 'integer', least: 2, most: 1024 },
    default: 128,
    description:
      "The most calls that run at once, each on a connection of its own; a few more serve notifications and the server's own stream. Further calls wait.",
    example: 128,
  },
];
