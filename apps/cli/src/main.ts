import { openHome } from '@mcp-acp/config/manager-config';
import { AcpError } from '@mcp-acp/shared/errors';
import { CommanderError } from 'commander';
import { chooseProxy } from './choose-proxy.ts';
import { type Cli, createCli } from './cli.ts';
import type { CommandSpec, Input } from './command-spec.ts';
import { createPrinter } from './output/printer.ts';
import { problemLines, problemOf } from './output/problem.ts';
import { createStyle, wantsColour } from './output/style.ts';
import { checkFirstWord, createProgram } from './program.ts';
import { version } from './version.ts';

export interface CliOptions {
  /** What follows the program's name. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the program. */
  readonly bin: string;
}

/** Runs one command. Returns the exit code; every failure has been printed. */
export async function runCli({ args, env, bin }: CliOptions): Promise<number> {
  const dashes = args.indexOf('--');
  const words = dashes < 0 ? args : args.slice(0, dashes);
  const commandLine = dashes < 0 ? [] : args.slice(dashes + 1);
  const printer = createPrinter();
  const cli = createCli({
    env,
    version,
    bin,
    json: words.includes('--json'),
    yes: words.includes('--yes') || words.includes('-y'),
    printer,
    style: createStyle(wantsColour(env, process.stdout)),
  });
  let exit = 0;
  let help = '';
  const run = async (spec: CommandSpec, input: Input) => {
    if (commandLine.length > 0 && !spec.takesCommandLine) {
      throw new AcpError('usage', `"${spec.path.join(' ')}" takes nothing after "--".`);
    }
    const answer = await spec.run(cli, input);
    if (answer.notes !== undefined) printer.note(answer.notes);
    if (!cli.json) printer.result(answer.text);
    else if (answer.data !== undefined) printer.json(answer.data);
    exit = answer.exit ?? 0;
  };
  const program = createProgram(version, commandLine, {
    run,
    help: (text) => {
      help += text;
    },
    print: (text) => printer.result([text.replace(/\n$/, '')]),
  });
  try {
    checkFirstWord(program, words);
    await program.parseAsync([...words], { from: 'user' });
    return exit;
  } catch (error) {
    if (help !== '') printer.note([help]);
    return fail(cli, error);
  }
}

/** Prints a failure: for people on stderr and, with `--json`, as `{"error": …}` on stdout too. */
function fail(cli: Cli, error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const { exit, ...problem } = problemOf(error instanceof CommanderError ? usageError(error) : error);
  const style = createStyle(wantsColour(cli.env, process.stderr));
  cli.printer.note(problemLines(problem, style));
  if (problem.code === 'internal' && (cli.env.MCP_ACP_DEBUG ?? '') !== '' && error instanceof Error) {
    cli.printer.note([error.stack ?? '']);
  }
  if (cli.json) cli.printer.json({ error: problem });
  return exit;
}

function usageError(error: CommanderError): AcpError {
  if (error.code === 'commander.help') {
    return new AcpError('usage', 'Say what to do.', { fix: 'Add --help to see the commands.' });
  }
  const [message = '', ...more] = error.message.replace(/^error: /, '').split('\n');
  const hint = more.join(' ').replace(/^\((.*)\)$/, '$1');
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.?$/, '.')}`;
  return new AcpError('usage', sentence, { fix: hint === '' ? 'Add --help to see how.' : hint });
}

/** The proxy `start` means where it names none. Prints why not and returns an exit code otherwise. */
export function onlyProxy(env: NodeJS.ProcessEnv): string | number {
  try {
    return chooseProxy(openHome(env), undefined);
  } catch (error) {
    const { exit, ...problem } = problemOf(error);
    createPrinter().note(problemLines(problem, createStyle(wantsColour(env, process.stderr))));
    return exit;
  }
}
