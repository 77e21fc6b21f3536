import { startManager } from '@mcp-acp/admin/manager-start';
import { AcpError } from '@mcp-acp/shared/errors';
import type { CommandSpec } from '../../command-spec.ts';

export const managerStart: CommandSpec = {
  path: ['manager', 'start'],
  summary: 'start the manager, unless it runs',
  details:
    'It goes on when the terminal is closed. With --foreground it stays in this terminal until Ctrl-C, which fails where one runs already.',
  options: [
    { flags: '--port <number>', description: 'instead of the setting, for this start' },
    { flags: '--foreground', description: 'stay in this terminal' },
    { flags: '--headless', description: 'open no browser' },
    { flags: '--stay', description: 'do not end when there is nothing to do' },
  ],
  examples: ['mcp-acp manager start', 'mcp-acp manager start --foreground --port 8766'],
  async run(cli, input) {
    // The program hands a start in the foreground to the manager before anything of the CLI is loaded.
    if (input.flag('foreground')) {
      throw new AcpError('usage', '"manager start" must be the first words.', {
        fix: 'mcp-acp manager start --foreground',
      });
    }
    const port = portOf(input.option('port'));
    const { started, manager } = await startManager(cli.paths(), {
      env: cli.env,
      bin: cli.bin,
      headless: input.flag('headless'),
      stay: input.flag('stay'),
      ...(port === undefined ? {} : { port }),
    });
    const { pid } = manager.process;
    const url = `http://127.0.0.1:${manager.port}`;
    return {
      data: { started, pid, port: manager.port, startId: manager.startId, program: manager.program, url },
      text: [`${started ? 'Started the manager' : 'The manager runs already'} (pid ${pid}) on ${url}`],
      notes: [
        'Open the dashboard: mcp-acp manager open',
        ...(!started && port !== undefined && port !== manager.port
          ? ['It keeps its port; for another one: mcp-acp manager stop']
          : []),
      ],
    };
  },
};

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new AcpError('usage', '--port takes a number from 1 to 65535.');
  return port;
}
