import { didYouMean } from '@mcp-acp/config/did-you-mean';
import { AcpError } from '@mcp-acp/shared/errors';
import { Command, Option } from 'commander';
import type { CommandSpec, Input } from './command-spec.ts';
import { commands } from './commands/all.ts';
import { welcome } from './commands/welcome.ts';

const groups: Readonly<Record<string, string>> = {
  proxy: 'add, list and show proxies',
  approvals: 'answer calls that wait for a person',
  policy: 'read, change and explain what agents may do',
  logs: 'what agents did',
  stats: 'numbers from the journals',
  debug: 'speak to a server as a client would, and see every message',
  audit: 'prove that the journals were not altered',
  config: 'settings of proxies and of the manager',
  manager: 'the daemon that watches all proxies and serves the dashboard',
  'manager token': 'tokens of programs that read the metrics',
  'manager service': 'the manager as a service of the system',
  events: 'what happens, live',
  history: 'the past of all proxies, searchable',
  install: 'connect a client',
};

/** Runs a spec with what was typed. */
export type RunCommand = (spec: CommandSpec, input: Input) => Promise<void>;

/** Every command as commander's tree. `commandLine` is what followed `--`. Nothing runs until it is parsed. */
export function createProgram(
  version: string,
  commandLine: readonly string[],
  more: {
    readonly run: RunCommand;
    /** Gets the help of a group that was called without a command. */
    readonly help?: (text: string) => void;
    /** Gets the help and the version where these were asked for. */
    readonly print?: (text: string) => void;
  },
): Command {
  const { run } = more;
  const program = new Command('mcp-acp')
    .description(
      'Puts a policy, a record and, where the policy asks, a person between an agent and its MCP servers.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .enablePositionalOptions();
  const parents = new Map<string, Command>();
  for (const spec of commands) {
    const words = [...spec.path];
    const name = words.pop() ?? '';
    let parent = program;
    words.forEach((word, depth) => {
      const path = words.slice(0, depth + 1).join(' ');
      let group = parents.get(path);
      if (group === undefined) {
        group = parent
          .command(word)
          .description(groups[path] ?? '')
          .helpCommand(false);
        group.addHelpText('after', `\nExample:\n  $ ${spec.examples[0]}`);
        parents.set(path, group);
      }
      parent = group;
    });
    addLeaf(parent, name, spec, commandLine, run);
  }
  program.option('--json', 'print the result as JSON').action(async (options: Record<string, unknown>) => {
    await run(welcome, inputOf(options, [], []));
  });
  program.usage('[command] [options]');
  program.addHelpText(
    'after',
    `\nStart here:\n  $ mcp-acp proxy add files --template ask-writes -- npx -y @modelcontextprotocol/server-filesystem ~/project`,
  );
  for (const command of everyCommand(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => more.print?.(text),
      writeErr: (text) => more.help?.(text),
      outputError: () => {},
    });
  }
  return program;
}

function addLeaf(
  parent: Command,
  name: string,
  spec: CommandSpec,
  commandLine: readonly string[],
  run: RunCommand,
): void {
  const command = parent.command(name).description(spec.summary).helpOption('-h, --help', 'show help');
  for (const argument of spec.arguments ?? []) {
    command.argument(argument.required ? `<${argument.name}>` : `[${argument.name}]`, argument.description);
  }
  for (const { flags, description, repeat, choices } of spec.options ?? []) {
    const option = new Option(flags, description);
    if (choices !== undefined) option.choices([...choices]);
    if (repeat) option.argParser((text: string, all: string[] = []) => [...all, text]);
    command.addOption(option);
  }
  if (spec.asks) command.option('-y, --yes', 'ask nothing, take the defaults');
  command.option('--json', 'print the result as JSON');
  if (spec.takesCommandLine) {
    command.usage(`${usageArguments(spec)}[options] -- COMMAND ARGS…`);
  }
  const details = spec.details === undefined ? '' : `\n${spec.details}\n`;
  const examples = spec.examples.map((example) => `  $ ${example}`).join('\n');
  command.addHelpText('after', `${details}\nExample${spec.examples.length > 1 ? 's' : ''}:\n${examples}`);
  command.action(async (...typed: unknown[]) => {
    const self = typed.at(-1) as Command;
    await run(spec, inputOf(self.opts(), self.processedArgs as (string | undefined)[], commandLine));
  });
}

const usageArguments = (spec: CommandSpec): string =>
  (spec.arguments ?? []).map(({ name, required }) => (required ? `<${name}> ` : `[${name}] `)).join('');

function inputOf(
  options: Record<string, unknown>,
  args: readonly (string | undefined)[],
  commandLine: readonly string[],
): Input {
  return {
    argument: (index) => args[index],
    option: (name) => (typeof options[name] === 'string' ? options[name] : undefined),
    flag: (name) => options[name] === true,
    list: (name) => (Array.isArray(options[name]) ? (options[name] as string[]) : []),
    commandLine,
  };
}

/** Throws AcpError('usage') where the first word is no command; the parser would speak of arguments instead. */
export function checkFirstWord(program: Command, words: readonly string[]): void {
  const word = words.find((candidate) => !candidate.startsWith('-'));
  const known = program.commands.map((command) => command.name());
  if (word === undefined || known.includes(word)) return;
  const near = didYouMean(word, known);
  throw new AcpError('usage', `There is no command "${word}".`, {
    fix: near === undefined ? 'See: mcp-acp --help' : `Did you mean "mcp-acp ${near}"?`,
  });
}

/** The program and all commands under it. */
export function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
