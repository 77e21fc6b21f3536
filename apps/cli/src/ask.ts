import { AcpError } from '@mcp-acp/shared/errors';
import type { Cli } from './cli.ts';

/**
 * Questions to a person, on stderr so that stdout stays a result. The library is loaded with the first question.
 * Only for `cli.interactive`; an interrupted question ends the command with nothing done.
 */
const toTerminal = { output: process.stderr };

async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new AcpError('usage', 'Stopped; nothing was changed.');
    }
    throw error;
  }
}

export async function askText(
  message: string,
  more: { readonly default?: string; readonly problem?: (text: string) => string | undefined } = {},
): Promise<string> {
  const { input } = await import('@inquirer/prompts');
  return asked(() =>
    input(
      {
        message,
        ...(more.default === undefined ? {} : { default: more.default }),
        validate: (text) => more.problem?.(text) ?? true,
      },
      toTerminal,
    ),
  );
}

export async function askChoice<Value extends string>(
  message: string,
  choices: readonly { readonly value: Value; readonly name: string; readonly description?: string }[],
): Promise<Value> {
  const { select } = await import('@inquirer/prompts');
  return asked(() => select({ message, choices: choices.map((choice) => ({ ...choice })) }, toTerminal));
}

/** Yes or no; the default where nobody can be asked. */
export async function askYes(cli: Cli, message: string, standard: boolean): Promise<boolean> {
  if (!cli.interactive) return standard;
  const { confirm } = await import('@inquirer/prompts');
  return asked(() => confirm({ message, default: standard }, toTerminal));
}
