import type { ConfigTarget } from '@mcp-acp/admin/configs';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import type { SettingsFile } from '@mcp-acp/config/setting';
import { AcpError } from '@mcp-acp/shared/errors';
import { chooseProxy } from '../../choose-proxy.ts';
import type { Cli } from '../../cli.ts';
import { type Input, type OptionSpec, proxyOption } from '../../command-spec.ts';

export const targetOptions: readonly OptionSpec[] = [
  { flags: '--manager', description: "the manager's settings" },
  proxyOption,
];

/** Which file is meant, and the paths to find it: manager.json must not be needed to mend manager.json. */
export function configTarget(
  cli: Cli,
  input: Input,
): { readonly paths: HomePaths; readonly target: ConfigTarget } {
  const proxy = input.option('proxy');
  if (input.flag('manager')) {
    if (proxy !== undefined) throw new AcpError('usage', 'Give --manager or --proxy, not both.');
    return { paths: cli.barePaths(), target: { kind: 'manager' } };
  }
  // The settings of a proxy lie in the home whatever manager.json says.
  const paths = cli.barePaths();
  return { paths, target: { kind: 'proxy', name: chooseProxy(paths, proxy) } };
}

/** What must happen for a change to be seen. `key` absent: anything may have changed. */
export const restartNote = ({ restart, settings }: SettingsFile, key?: string): string =>
  settings.find((setting) => setting.key === key)?.takesEffect ??
  (restart === 'client'
    ? 'Restart the client for it to take effect: a running proxy keeps the settings it started with.'
    : 'Takes effect at the next start of the manager.');
