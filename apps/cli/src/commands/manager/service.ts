import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { findProgram } from '@mcp-acp/admin/find-program';
import { type ServiceFile, serviceFile } from '@mcp-acp/admin/manager-service';
import { stopManager } from '@mcp-acp/admin/manager-stop';
import { atomicWrite } from '@mcp-acp/config/atomic-write';
import { visible } from '@mcp-acp/shared/visible';
import { askYes } from '../../ask.ts';
import type { Cli } from '../../cli.ts';
import type { CommandSpec } from '../../command-spec.ts';

const what = 'a systemd user unit on Linux, a LaunchAgent on macOS (untested)';

export const managerServiceInstall: CommandSpec = {
  path: ['manager', 'service', 'install'],
  summary: 'start the manager at every login',
  details: `Writes ${what}, shows it first, and has the system take it up. A manager that runs already is ended for it.`,
  asks: true,
  examples: ['mcp-acp manager service install'],
  async run(cli) {
    const service = serviceOf(cli);
    const before = existsSync(service.file) ? readFileSync(service.file, 'utf8') : undefined;
    cli.printer.note([`${service.file}:`, '', ...service.content.trimEnd().split('\n'), '']);
    if (!(await askYes(cli, 'Write this file and start the manager with it?', true))) {
      return { data: { installed: false, file: service.file }, text: ['Nothing was changed.'] };
    }
    mkdirSync(dirname(service.file), { recursive: true });
    atomicWrite(service.file, service.content);
    const problem = await enable(cli, service);
    return {
      data: {
        installed: true,
        file: service.file,
        changed: before !== service.content,
        enabled: problem === undefined,
        ...(problem === undefined ? {} : { problem }),
      },
      text: [
        `Wrote ${service.file}`,
        ...(problem === undefined ? ['The manager runs, and starts at every login.'] : []),
      ],
      notes: problem === undefined ? [] : toDoYourself(problem, service.enable),
    };
  },
};

export const managerServiceRemove: CommandSpec = {
  path: ['manager', 'service', 'remove'],
  summary: 'no longer start the manager at login',
  details: 'Ends the manager that was started so, and removes the file.',
  examples: ['mcp-acp manager service remove'],
  async run(cli) {
    const service = serviceOf(cli);
    if (!existsSync(service.file)) {
      return { data: { removed: false, file: service.file }, text: ['There is no such service.'] };
    }
    const problem = runAll(cli, service, service.disable);
    rmSync(service.file, { force: true });
    if (problem === undefined) runAll(cli, service, service.forget);
    return {
      data: { removed: true, file: service.file, ...(problem === undefined ? {} : { problem }) },
      text: [`Removed ${service.file}`],
      notes: problem === undefined ? [] : toDoYourself(problem, service.disable),
    };
  },
};

const serviceOf = (cli: Cli): ServiceFile =>
  serviceFile({
    platform: process.platform,
    env: cli.env,
    userHome: cli.env.HOME || homedir(),
    uid: process.getuid?.() ?? 0,
    node: process.execPath,
    bin: cli.bin,
    output: cli.paths().managerOutput,
  });

/** Why the system did not take the file up, or undefined. */
async function enable(cli: Cli, service: ServiceFile): Promise<string | undefined> {
  const missing = cannotBeAsked(cli, service);
  if (missing !== undefined) return missing;
  // The place of the only manager is free for the one the system starts.
  await stopManager(cli.paths());
  return runAll(cli, service, service.enable);
}

function runAll(
  cli: Cli,
  service: ServiceFile,
  commands: readonly (readonly string[])[],
): string | undefined {
  const missing = cannotBeAsked(cli, service);
  if (missing !== undefined) return missing;
  for (const command of commands) {
    const problem = run(cli, command);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const cannotBeAsked = (cli: Cli, { probe }: ServiceFile): string | undefined => run(cli, probe);

/** Long enough for a service manager that is busy. Milliseconds. */
const commandMs = 60_000;

function run(cli: Cli, [name = '', ...args]: readonly string[]): string | undefined {
  const program = findProgram(name, cli.env, '/');
  if (program === undefined) return `there is no ${name}`;
  const done = spawnSync(program, args, {
    env: cli.env,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: commandMs,
  });
  if (done.status === 0) return undefined;
  const said = (done.stderr ?? '').trim().split('\n')[0] ?? '';
  const how =
    said === '' ? `ended with ${done.status ?? done.signal ?? done.error?.message ?? 'an error'}` : said;
  return `${name}: ${visible(how, 300)}`;
}

const toDoYourself = (problem: string, commands: readonly (readonly string[])[]): readonly string[] => [
  `The system was not told (${problem}). Where its service manager runs:`,
  ...commands.map((command) => `  ${command.join(' ')}`),
];
