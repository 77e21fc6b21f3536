import { AcpError } from '@mcp-acp/shared/errors';
import type { Cli } from './cli.ts';
import type { prompts } from './loaded-later/prompts.ts';

/**
 * Questions to a person, only for `cli.interactive`. The library is loaded with the first question; an interrupted
 * question ends the command with nothing done.
 */
async function ask<T>(question: (to: typeof prompts) => Promise<T>): Promise<T> {
  const loaded = await import('./loaded-later/prompts.ts');
  try {
    return await question(loaded.prompts);
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new AcpError('usage', 'Stopped; nothing was changed.');
    }
    throw error;
  }
}

export const askText = (
  message: string,
  more: { readonly default?: string; readonly problem?: (text: string) => string | undefined } = {},
): Promise<string> =>
  ask((to) =>
    to.text({
      message,
      ...(more.default === undefined ? {} : { default: more.default }),
      validate: (text) => more.problem?.(text) ?? true,
    }),
  );

export const askChoice = <Value extends string>(
  message: string,
  choices: readonly { readonly value: Value; readonly name: string }[],
): Promise<Value> => ask((to) => to.choice({ message, choices }));

/** Yes or no; the default where nobody can be asked. */
export const askYes = async (cli: Cli, message: string, standard: boolean): Promise<boolean> =>
  cli.interactive ? ask((to) => to.yes({ message, default: standard })) : standard;
