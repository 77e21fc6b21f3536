import type { HomePaths } from '@mcp-acp/config/home-paths';
import { proxyNames, readProxyConfigText } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';

/** The proxy a command is about: the one named, or the only one. Throws AcpError('usage' | 'proxy_unknown'). */
export function chooseProxy(paths: HomePaths, named: string | undefined): string {
  if (named !== undefined) {
    readProxyConfigText(paths, named);
    return named;
  }
  const names = proxyNames(paths);
  const [only, ...others] = names;
  if (only === undefined) throw noProxy();
  if (others.length > 0) {
    throw new AcpError('usage', `There are ${names.length} proxies: ${names.join(', ')}.`, {
      fix: 'Say which one: --proxy NAME',
    });
  }
  return only;
}

/** The proxies a command is about: the one named, or all. Throws AcpError('proxy_unknown'). */
export function chooseProxies(paths: HomePaths, named: string | undefined): readonly string[] {
  return named === undefined ? proxyNames(paths) : [chooseProxy(paths, named)];
}

export const noProxy = () =>
  new AcpError('proxy_unknown', 'There is no proxy yet.', {
    fix: 'Add one: mcp-acp proxy add NAME -- COMMAND ARGS…',
  });
