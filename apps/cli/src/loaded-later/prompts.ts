import { confirm, input, select } from '@inquirer/prompts';

/** On stderr, so that stdout stays a result. */
const terminal = { output: process.stderr };

/** The questions the CLI asks. They end with an error named ExitPromptError when the person stops them. */
export const prompts = {
  text: (question: {
    readonly message: string;
    readonly default?: string;
    readonly validate: (text: string) => string | true;
  }): Promise<string> => input(question, terminal),
  choice: <Value extends string>(question: {
    readonly message: string;
    readonly choices: readonly { readonly value: Value; readonly name: string }[];
  }): Promise<Value> => select({ ...question, choices: [...question.choices] }, terminal),
  yes: (question: { readonly message: string; readonly default: boolean }): Promise<boolean> =>
    confirm(question, terminal),
};
