import { archiveProxy } from '@mcp-acp/admin/proxies';
import { AcpError } from '@mcp-acp/shared/errors';
import { askYes } from '../../ask.ts';
import { chooseProxy } from '../../choose-proxy.ts';
import type { CommandSpec } from '../../command-spec.ts';

export const proxyRemove: CommandSpec = {
  path: ['proxy', 'remove'],
  summary: 'move a proxy and its journals to the archive',
  arguments: [{ name: 'name', description: 'the proxy', required: true }],
  asks: true,
  examples: ['mcp-acp proxy remove files --yes'],
  async run(cli, input) {
    const paths = cli.paths();
    const name = chooseProxy(paths, input.argument(0) ?? '');
    if (!cli.yes && !cli.interactive) {
      throw new AcpError('usage', `"${name}" is removed only when you say so.`, { fix: 'Add --yes.' });
    }
    if (!cli.yes && !(await askYes(cli, `Move "${name}" to the archive?`, false))) {
      return { data: { name, removed: false }, text: ['Nothing was changed.'] };
    }
    const { folder, logs } = archiveProxy(paths, name, new Date());
    return {
      data: { name, removed: true, archived: folder, ...(logs === undefined ? {} : { journals: logs }) },
      text: [`Moved "${name}" to ${folder}`, ...(logs === undefined ? [] : [`Its journals are in ${logs}`])],
      notes: ["Take its entry out of the client's settings too."],
    };
  },
};
