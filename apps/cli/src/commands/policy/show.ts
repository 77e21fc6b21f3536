import { policyVersionText, readPolicy } from '@mcp-acp/admin/policies';
import { isConfirmed } from '@mcp-acp/config/policy-history';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { versionNumber } from './version-number.ts';

export const policyShow: CommandSpec = {
  path: ['policy', 'show'],
  summary: "print a proxy's policy",
  options: [
    proxyOption,
    { flags: '--version <number>', description: 'an earlier version, from policy history' },
  ],
  examples: ['mcp-acp policy show', 'mcp-acp policy show --proxy files --version 3'],
  run(cli, input) {
    const paths = cli.paths();
    const proxy = chooseProxy(paths, input.option('proxy'));
    const wanted = input.option('version');
    if (wanted !== undefined) {
      const number = versionNumber(wanted);
      const text = policyVersionText(paths, proxy, number);
      return { data: { proxy, version: number, text }, text: shown(text) };
    }
    const { file, text, digest } = readPolicy(paths, proxy);
    return {
      data: { proxy, file, digest, confirmed: isConfirmed(paths, proxy, digest), text },
      text: shown(text),
    };
  },
};

/** Line by line, since a policy may come from elsewhere and hold what a terminal should not see. */
const shown = (text: string) =>
  text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) =>
      line
        .split('\t')
        .map((part) => visible(part, 100_000))
        .join('\t'),
    );
