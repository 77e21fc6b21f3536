import { resolve } from 'node:path';
import { findProgram } from '@mcp-acp/admin/find-program';
import type { NewBackend } from '@mcp-acp/admin/proxies';
import { backendUrlProblem } from '@mcp-acp/config/backend-url';
import { headerProblem, inheritedHeaderProblem } from '@mcp-acp/config/header-rules';
import { templates } from '@mcp-acp/policy/templates';
import { AcpError } from '@mcp-acp/shared/errors';
import type { Cli } from '../../cli.ts';
import type { Input } from '../../command-spec.ts';

export type TemplateName = keyof typeof templates;

/** A proxy as it is being put together, before anything is saved. */
export interface ProxyDraft {
  readonly name: string;
  readonly template: TemplateName;
  readonly server: ServerDraft;
}

export type ServerDraft = UnknownServer | CommandDraft | UrlDraft;

/** Nothing says yet how the server is reached. */
interface UnknownServer {
  readonly kind: 'unknown';
}

export interface CommandDraft {
  readonly kind: 'command';
  /** May still be empty. */
  readonly commandLine: readonly string[];
  readonly cwd?: string;
  /** As typed: `K` or `K=V`. */
  readonly env: readonly string[];
}

export interface UrlDraft {
  readonly kind: 'url';
  /** May still be empty. */
  readonly url: string;
  /** As typed: `K` or `K=V`. */
  readonly headers: readonly string[];
  /** Absent: what the check finds. */
  readonly transport?: 'http' | 'sse';
}

const standardTemplate: TemplateName = 'ask-writes';
export const templateNames = Object.keys(templates) as readonly TemplateName[];

/** What was typed; parts may still be empty. Throws AcpError('usage') for what does not go together. */
export const draftFrom = (input: Input): ProxyDraft => ({
  name: input.argument(0) ?? '',
  template: (input.option('template') as TemplateName | undefined) ?? standardTemplate,
  server: serverFrom(input),
});

function serverFrom(input: Input): ServerDraft {
  const { commandLine } = input;
  const [url, cwd, transport] = [input.option('url'), input.option('cwd'), input.option('transport')];
  const [env, headers] = [input.list('env'), input.list('header')];
  const forUrl = url !== undefined ? '--url' : headers.length > 0 ? '--header' : transport && '--transport';
  const forCommand =
    commandLine.length > 0 ? 'a command' : env.length > 0 ? '--env' : cwd !== undefined ? '--cwd' : undefined;
  if (forUrl !== undefined && forCommand !== undefined) {
    throw new AcpError('usage', `${forUrl} and ${forCommand} do not go together.`, {
      fix: 'A server is started by a command (-- COMMAND ARGS…, with --env and --cwd), or it listens at a URL (--url, with --header).',
    });
  }
  if (forCommand !== undefined) {
    return { kind: 'command', commandLine, env, ...(cwd === undefined ? {} : { cwd: resolve(cwd) }) };
  }
  if (forUrl === undefined) return { kind: 'unknown' };
  const draft: UrlDraft = {
    kind: 'url',
    url: url ?? '',
    headers,
    ...(transport === 'http' || transport === 'sse' ? { transport } : {}),
  };
  const problem = (url === undefined ? undefined : urlProblem(url)) ?? headersProblem(headers);
  if (problem !== undefined) throw new AcpError('usage', problem);
  return draft;
}

export const urlProblem = (url: string): string | undefined => {
  const problem = backendUrlProblem(url);
  return problem === undefined ? undefined : `This URL cannot be used: ${problem}`;
};

/** Why headers as typed cannot be used, or undefined. */
export function headersProblem(headers: readonly string[]): string | undefined {
  const { values, names } = splitEntries(headers);
  const colon = headers.find((header) => /^[^=]*:/.test(header));
  if (colon !== undefined) {
    return `Write a header as NAME=VALUE, or NAME alone to take its value from the client: --header ${colon.split(':', 1)[0]}`;
  }
  const all = [...Object.keys(values), ...names].map((name) => name.toLowerCase());
  const twice = all.find((name, index) => all.indexOf(name) !== index);
  if (twice !== undefined || all.length < headers.length) {
    return `A header is given twice${twice === undefined ? '' : `: ${twice}`}.`;
  }
  return [
    ...Object.entries(values).map(([name, value]) => headerProblem(name, value)),
    ...names.map(inheritedHeaderProblem),
  ].find((problem) => problem !== undefined);
}

/** Variables or headers of a draft: those with a value, and those whose value the client gives. */
export function splitEntries(entries: readonly string[]): {
  readonly values: Readonly<Record<string, string>>;
  readonly names: readonly string[];
} {
  const values = new Map<string, string>();
  const names: string[] = [];
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    if (equals < 0) names.push(entry);
    else values.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  return { values: Object.fromEntries(values), names: [...new Set(names)] };
}

/**
 * The draft as a backend. Throws AcpError('backend_not_started') where there is no such program, unless it is not
 * checked.
 */
export function backendOf(cli: Cli, server: CommandDraft | UrlDraft, check: boolean): NewBackend {
  if (server.kind === 'command') {
    const { values, names } = splitEntries(server.env);
    return {
      transport: 'stdio',
      command: programOf(cli, server, check),
      args: server.commandLine.slice(1),
      ...(server.cwd === undefined ? {} : { cwd: server.cwd }),
      env: values,
      inheritEnv: names,
    };
  }
  const { values, names } = splitEntries(server.headers);
  return { transport: server.transport ?? 'http', url: server.url, headers: values, inheritHeaders: names };
}

function programOf(cli: Cli, { commandLine, cwd }: CommandDraft, check: boolean): string {
  const [command = ''] = commandLine;
  const program = findProgram(command, cli.env, cwd ?? process.cwd());
  if (program !== undefined) return program;
  if (!check) return command.includes('/') ? resolve(cwd ?? '.', command) : command;
  throw new AcpError('backend_not_started', `There is no program "${command}".`, {
    fix: 'Install it, correct the command, or save it all the same: --no-check',
  });
}
