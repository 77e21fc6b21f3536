import { isAbsolute } from 'node:path';
import { findProgram } from '@mcp-acp/admin/find-program';
import type { NewBackend } from '@mcp-acp/admin/proxies';
import { splitCommandLine } from '@mcp-acp/admin/split-command-line';
import type { NewProxyDraft } from '@mcp-acp/api/ports/proxies';
import { AcpError } from '@mcp-acp/shared/errors';

/** The draft as a backend, whose values are looked at with the whole configuration. Throws AcpError('usage'). */
export function backendOfDraft(draft: NewProxyDraft['backend'], env: NodeJS.ProcessEnv): NewBackend {
  if (draft.transport === 'http') {
    return { transport: 'http', url: draft.url, inheritHeaders: once(draft.headers) };
  }
  const { commandLine, cwd, environment } = draft;
  // What a terminal would take for the end of a command is no part of one.
  if (/[\r\n\0]/.test(commandLine)) throw new AcpError('usage', 'The command is one line.');
  const words = splitCommandLine(commandLine);
  if (words === undefined) throw new AcpError('usage', 'A quote in the command is not closed.');
  const [command = '', ...args] = words;
  if (command === '') throw new AcpError('usage', 'The command is empty.');
  if (cwd !== undefined && !isAbsolute(cwd)) {
    throw new AcpError('usage', 'The working directory must be an absolute path.');
  }
  return {
    transport: 'stdio',
    command: programOf(command, cwd, env),
    args,
    ...(cwd === undefined ? {} : { cwd }),
    inheritEnv: once(environment),
  };
}

/** Clients do not have the shell's PATH; a program that is not found here may still be there for them. */
function programOf(command: string, cwd: string | undefined, env: NodeJS.ProcessEnv): string {
  if (isAbsolute(command)) return command;
  if (command.includes('/') && cwd === undefined) {
    throw new AcpError('usage', 'A command that is a relative path needs a working directory.');
  }
  return findProgram(command, env, cwd ?? '/') ?? command;
}

const once = (names: readonly string[]): readonly string[] => [...new Set(names)];
