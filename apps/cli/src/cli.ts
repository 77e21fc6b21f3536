import type { Actor } from '@mcp-acp/admin/actor';
import { type HomePaths, homePaths } from '@mcp-acp/config/home-paths';
import { openHome } from '@mcp-acp/config/manager-config';
import { localUser } from '@mcp-acp/identity/local-user';
import type { Printer } from './output/printer.ts';
import type { Style } from './output/style.ts';

/** What every command is given. */
export interface Cli {
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** Absolute path of the program, for clients that do not have the shell's PATH. */
  readonly bin: string;
  readonly json: boolean;
  /** Take every default instead of asking. */
  readonly yes: boolean;
  /** Whether a person can be asked: a terminal on both ends, and neither `--json` nor `--yes`. */
  readonly interactive: boolean;
  readonly printer: Printer;
  readonly style: Style;
  /** The installation. Throws AcpError('config_invalid') where manager.json cannot be read. */
  paths(): HomePaths;
  /** The same without a look at manager.json: for the commands that mend it. */
  barePaths(): HomePaths;
  actor(): Actor;
}

export function createCli(given: Omit<Cli, 'interactive' | 'paths' | 'barePaths' | 'actor'>): Cli {
  let paths: HomePaths | undefined;
  return {
    ...given,
    interactive: !given.json && !given.yes && process.stdin.isTTY === true && process.stderr.isTTY === true,
    paths: () => {
      paths ??= openHome(given.env);
      return paths;
    },
    barePaths: () => homePaths(given.env),
    actor: () => ({ by: localUser().current().id, channel: 'cli', time: new Date().toISOString() }),
  };
}
