import type { Cli } from './cli.ts';

export interface ArgumentSpec {
  /** As shown in the usage line: `NAME`. */
  readonly name: string;
  readonly description: string;
  readonly required?: true;
}

export interface OptionSpec {
  /** In commander's notation: `--since <time>`. */
  readonly flags: string;
  readonly description: string;
  /** May be given more than once. */
  readonly repeat?: true;
  readonly choices?: readonly string[];
}

/** A command as data: the parser, the help and the reference page are made from it. */
export interface CommandSpec {
  /** The words that call it: `['policy', 'show']`. */
  readonly path: readonly [string, ...string[]];
  readonly summary: string;
  readonly details?: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** A command line of another program may follow `--`. */
  readonly takesCommandLine?: true;
  /** It may ask on a terminal, so it takes `--yes`. */
  readonly asks?: true;
  readonly examples: readonly string[];
  run(cli: Cli, input: Input): Answer | Promise<Answer>;
}

/** What was typed, checked against the spec. */
export interface Input {
  argument(index: number): string | undefined;
  option(name: string): string | undefined;
  flag(name: string): boolean;
  list(name: string): readonly string[];
  /** What followed `--`. */
  readonly commandLine: readonly string[];
}

/** What a command found or did. One of `data` and `text` reaches stdout, the notes reach stderr. */
export interface Answer {
  /** The whole answer as JSON, for `--json`; undefined where the command has printed it already. */
  readonly data: unknown;
  /** The same for a person, one line each. */
  readonly text: readonly string[];
  /** Warnings and hints: for people, never parsed. */
  readonly notes?: readonly string[];
  /** Exit code; 0 where absent. */
  readonly exit?: number;
}

export const proxyOption: OptionSpec = {
  flags: '--proxy <name>',
  description: 'which proxy; may be left out when there is exactly one',
};
