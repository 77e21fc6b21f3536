import { commandLineText } from '@mcp-acp/admin/shown-backend';
import { splitCommandLine } from '@mcp-acp/admin/split-command-line';
import { askChoice, askText } from '../../ask.ts';
import {
  type CommandDraft,
  headersProblem,
  type ServerDraft,
  splitEntries,
  type UrlDraft,
  urlProblem,
} from './proxy-draft.ts';

/** Whether nothing needs to be asked about the server. */
export const isComplete = (server: ServerDraft): server is CommandDraft | UrlDraft =>
  (server.kind === 'command' && server.commandLine.length > 0) ||
  (server.kind === 'url' && server.url !== '');

/** Asks how the server is reached, unless what was typed says so, and where. */
export async function askServer(server: ServerDraft): Promise<CommandDraft | UrlDraft> {
  const kind =
    server.kind === 'unknown'
      ? await askChoice('How is the MCP server reached?', [
          { value: 'command', name: 'A command starts it on this machine' },
          { value: 'url', name: 'It listens at a URL' },
        ])
      : server.kind;
  if (kind === 'command') {
    const draft: CommandDraft =
      server.kind === 'command' ? server : { kind: 'command', commandLine: [], env: [] };
    return { ...draft, commandLine: await askCommand(draft) };
  }
  const draft: UrlDraft = server.kind === 'url' ? server : { kind: 'url', url: '', headers: [] };
  const url = await askUrl(draft.url);
  return { ...draft, url, headers: draft.headers.length > 0 ? draft.headers : await askHeaders([]) };
}

type ServerPart = 'command' | 'env' | 'cwd' | 'url' | 'headers' | 'transport';

/** What can be changed about a server before it is saved. */
export const serverParts = (
  server: CommandDraft | UrlDraft,
): readonly { readonly value: ServerPart; readonly name: string }[] =>
  server.kind === 'command'
    ? [
        { value: 'command', name: 'Change the command' },
        { value: 'env', name: 'Change the variables' },
        { value: 'cwd', name: 'Change the working directory' },
      ]
    : [
        { value: 'url', name: 'Change the URL' },
        { value: 'headers', name: 'Change the headers' },
        { value: 'transport', name: 'Change the transport' },
      ];

export async function changedServer<Draft extends CommandDraft | UrlDraft>(
  server: Draft,
  part: ServerPart,
): Promise<CommandDraft | UrlDraft> {
  return server.kind === 'command' ? changedCommand(server, part) : changedUrl(server, part);
}

async function changedCommand(draft: CommandDraft, part: ServerPart): Promise<CommandDraft> {
  if (part === 'command') return { ...draft, commandLine: await askCommand(draft) };
  if (part === 'env') {
    return { ...draft, env: await askEntries('Variables, K or K=V, separated by spaces:', draft.env) };
  }
  const { cwd, ...rest } = draft;
  const text = await askText('Working directory (empty: the client decides):', { default: cwd ?? '' });
  return text.trim() === '' ? rest : { ...rest, cwd: text.trim() };
}

async function changedUrl(draft: UrlDraft, part: ServerPart): Promise<UrlDraft> {
  if (part === 'url') return { ...draft, url: await askUrl(draft.url) };
  if (part === 'headers') return { ...draft, headers: await askHeaders(draft.headers) };
  const { transport: _, ...rest } = draft;
  const chosen = await askChoice('How does it speak MCP?', [
    { value: 'find', name: 'Find out' },
    { value: 'http', name: 'Streamable HTTP' },
    { value: 'sse', name: 'HTTP+SSE, the older transport' },
  ]);
  return chosen === 'find' ? rest : { ...rest, transport: chosen };
}

export function serverRows(server: CommandDraft | UrlDraft): readonly (readonly string[])[] {
  const shown = (entries: readonly string[]): string => {
    const { values, names } = splitEntries(entries);
    return [...Object.keys(values), ...names.map((name) => `${name} (from the client)`)].join(', ') || '-';
  };
  if (server.kind === 'command') {
    const [command = '', ...args] = server.commandLine;
    return [
      ['command', commandLineText({ command, args })],
      ['variables', shown(server.env)],
      ['cwd', server.cwd ?? '-'],
    ];
  }
  return [
    ['url', server.url],
    ['headers', shown(server.headers)],
    ['transport', server.transport ?? 'found out'],
  ];
}

async function askCommand(draft: CommandDraft): Promise<readonly string[]> {
  const [command, ...args] = draft.commandLine;
  const text = await askText('Command that starts the MCP server:', {
    ...(command === undefined ? {} : { default: commandLineText({ command, args }) }),
    problem: (typed) => {
      const words = splitCommandLine(typed);
      if (words === undefined) return 'A quote is not closed.';
      return words.length === 0
        ? 'For example: npx -y @modelcontextprotocol/server-filesystem /home/me/project'
        : undefined;
    },
  });
  return splitCommandLine(text) ?? [];
}

const askUrl = async (standard: string): Promise<string> =>
  (
    await askText('URL of the MCP server:', {
      ...(standard === '' ? {} : { default: standard }),
      problem: (typed) => urlProblem(typed.trim()),
    })
  ).trim();

const askHeaders = (headers: readonly string[]): Promise<readonly string[]> =>
  askEntries('Headers, K=V, or K where the client gives the value (may be empty):', headers, headersProblem);

async function askEntries(
  message: string,
  standard: readonly string[],
  problem: (entries: readonly string[]) => string | undefined = () => undefined,
): Promise<readonly string[]> {
  const text = await askText(message, {
    default: standard.map(quoted).join(' '),
    problem: (typed) => {
      const entries = splitCommandLine(typed);
      return entries === undefined ? 'A quote is not closed.' : problem(entries);
    },
  });
  return splitCommandLine(text) ?? [];
}

const quoted = (word: string): string =>
  /[\s'"\\]/.test(word) ? `"${word.replace(/["\\]/g, '\\$&')}"` : word;
