import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { templates } from '@mcp-acp/policy/templates';
import { AcpError } from '@mcp-acp/shared/errors';
import { isSecretName, redactText } from '@mcp-acp/shared/redaction';
import { visible } from '@mcp-acp/shared/visible';
import type { Cli } from '../../cli.ts';
import type { Input } from '../../command-spec.ts';
import { findProgram } from '../../find-program.ts';

export type TemplateName = keyof typeof templates;

/** A proxy as it is being put together, before anything is saved. */
export interface ProxyDraft {
  readonly name: string;
  readonly commandLine: readonly string[];
  readonly template: TemplateName;
  readonly cwd?: string;
  /** As typed: `K` or `K=V`. */
  readonly env: readonly string[];
}

const standardTemplate: TemplateName = 'ask-writes';
export const templateNames = Object.keys(templates) as readonly TemplateName[];

/** What was typed; `name` and `commandLine` may still be empty. */
export function draftFrom(input: Input): ProxyDraft {
  const cwd = input.option('cwd');
  return {
    name: input.argument(0) ?? '',
    commandLine: input.commandLine,
    template: (input.option('template') as TemplateName | undefined) ?? standardTemplate,
    env: input.list('env'),
    ...(cwd === undefined ? {} : { cwd: resolve(cwd) }),
  };
}

/** The variables of a draft: those with a value, and those whose value the client gives. */
export function draftEnv(env: readonly string[]): {
  readonly values: Readonly<Record<string, string>>;
  readonly names: readonly string[];
} {
  const values: Record<string, string> = {};
  const names: string[] = [];
  for (const entry of env) {
    const equals = entry.indexOf('=');
    if (equals < 0) names.push(entry);
    else values[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  return { values, names: [...new Set(names)] };
}

/** Warnings about secrets that would lie in config.json. */
export function secretNotes({ env, commandLine }: ProxyDraft): readonly string[] {
  const { values } = draftEnv(env);
  const notes = Object.entries(values)
    .filter(([name, value]) => value !== '' && (isSecretName(name) || redactText(value) !== value))
    .map(
      ([name]) =>
        `warning: ${name} looks like a secret and is stored in config.json as it is. Use --env ${name} to take its value from the client.`,
    );
  if (commandLine.some((word) => redactText(word) !== word)) {
    notes.push('warning: an argument looks like a secret and is stored in config.json as it is.');
  }
  return notes;
}

/** Warnings about paths that mean another file, or none, wherever the client starts the proxy. */
export function relativeNotes({ cwd, commandLine }: ProxyDraft): readonly string[] {
  if (cwd !== undefined) return [];
  return commandLine
    .slice(1)
    .filter((word) => /[./]/.test(word) && !word.startsWith('-') && !isAbsolute(word) && existsSync(word))
    .map(
      (word) =>
        `warning: "${visible(word, 200)}" is relative to this folder, and clients start proxies elsewhere. Write the whole path, or add: --cwd ${process.cwd()}`,
    );
}

/** The program's absolute path. Throws AcpError('backend_not_started') where there is none, unless it is not checked. */
export function draftProgram(cli: Cli, draft: ProxyDraft, check: boolean): string {
  const [command = ''] = draft.commandLine;
  const program = findProgram(command, cli.env, draft.cwd ?? process.cwd());
  if (program !== undefined) return program;
  if (!check) return command.includes('/') ? resolve(draft.cwd ?? '.', command) : command;
  throw new AcpError('backend_not_started', `There is no program "${command}".`, {
    fix: 'Install it, correct the command, or save it all the same: --no-check',
  });
}
