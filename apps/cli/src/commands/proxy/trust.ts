import { launchLines } from '@mcp-acp/admin/describe-launch';
import { confirmLaunch, isLaunchPending, launchDigest, preparedLaunch } from '@mcp-acp/config/pending-launch';
import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { confirmTyped, hasPerson } from '../approvals/confirm-typed.ts';

export const proxyTrust: CommandSpec = {
  path: ['proxy', 'trust'],
  summary: 'confirm what a proxy starts that was prepared in the dashboard',
  details:
    'Shows the whole launch and asks for the name of the proxy to be typed. That needs a terminal: no option stands in for the person.',
  arguments: [{ name: 'name', description: 'the proxy; may be left out when there is exactly one' }],
  options: [proxyOption],
  examples: ['mcp-acp proxy trust files'],
  async run(cli, input) {
    const paths = cli.paths();
    const name = chooseProxy(paths, input.argument(0) ?? input.option('proxy'));
    const { backend } = readProxyConfig(paths, name);
    const digest = launchDigest(backend);
    if (!isLaunchPending(paths, name)) {
      return {
        data: { proxy: name, confirmed: true, already: true },
        text: [`What "${name}" starts is confirmed already.`],
      };
    }
    const lines = launchLines(backend);
    if (!hasPerson()) {
      throw new AcpError('launch_unconfirmed', `Only a person confirms what "${name}" starts.`, {
        fix: `Run it in a terminal: mcp-acp proxy trust ${name}`,
      });
    }
    const prepared = preparedLaunch(paths, name);
    cli.printer.note([
      `The proxy "${name}" would start, each time your client does:`,
      '',
      ...lines.map((line) => `  ${line}`),
      '',
      ...(prepared === digest
        ? ['It was prepared in the dashboard.']
        : ['It is not what was prepared in the dashboard: config.json was changed since.']),
    ]);
    if (!(await confirmTyped(name, 'let it be started'))) {
      return {
        data: { proxy: name, confirmed: false, already: false },
        text: [`Nothing was confirmed: "${name}" starts nothing.`],
        exit: 1,
      };
    }
    confirmLaunch(paths, name, digest);
    return {
      data: { proxy: name, confirmed: true, already: false },
      text: [`Confirmed: "${name}" may be started.`],
      notes: ['Restart the client that starts it.'],
    };
  },
};
