import { hasScreen, openInBrowser } from '@mcp-acp/admin/manager-browser';
import { startManager } from '@mcp-acp/admin/manager-start';
import { writeRedirectFile } from '@mcp-acp/config/redirect-file';
import type { CommandSpec } from '../../command-spec.ts';
import { askManager } from '../../live/ask-programs.ts';

export const managerOpen: CommandSpec = {
  path: ['manager', 'open'],
  summary: 'open the dashboard, unlocked, in the browser',
  details:
    'Starts the manager where none runs. The code that unlocks the page is good once and for 30 seconds; it stands in a file that only you can read, and nowhere else.',
  options: [{ flags: '--no-browser', description: 'only say which file to open' }],
  examples: ['mcp-acp manager open', 'mcp-acp manager open --no-browser'],
  async run(cli, input) {
    const paths = cli.paths();
    const screen = { env: cli.env, platform: process.platform };
    const { started, manager } = await startManager(paths, { env: cli.env, bin: cli.bin, headless: true });
    const { code, expiresInMs } = await askManager(paths, (api) => api.access.createCode.mutate());
    const { file } = writeRedirectFile(paths.run, manager.port, code);
    const wanted = input.flag('browser');
    const why = !wanted
      ? undefined
      : hasScreen(screen)
        ? await openInBrowser(file, screen)
        : 'there is no screen here';
    const opened = wanted && why === undefined;
    const url = `http://127.0.0.1:${manager.port}`;
    return {
      data: { opened, url, file, expiresInMs, started, ...(why === undefined ? {} : { problem: why }) },
      text: opened
        ? [`Opened the dashboard, ${url}`]
        : [`Open this file in a browser within ${expiresInMs / 1000} seconds:`, file],
      notes: opened
        ? []
        : [
            ...(why === undefined ? [] : [`It was not opened by itself: ${why}.`]),
            `From another machine: copy the file there, forward the port (ssh -L ${manager.port}:127.0.0.1:${manager.port}), and open the copy.`,
          ],
    };
  },
};
