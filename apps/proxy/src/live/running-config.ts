import { withoutSecrets } from '@mcp-acp/admin/config-without-secrets';
import type { RunningConfig } from '@mcp-acp/api/ports/instance';
import { proxySettings } from '@mcp-acp/config/proxy-settings';
import { valueAt } from '@mcp-acp/config/setting';
import type { JsonObject } from '@mcp-acp/shared/json';
import type { ConfigInForce } from '../config-in-force.ts';

/** The settings this instance runs with, as they may be shown. */
export function runningConfig(configs: ConfigInForce): RunningConfig {
  const current = configs.current() as unknown as JsonObject;
  const aside = configs.setAside();
  return {
    version: configs.version(),
    settings: proxySettings.settings.flatMap(({ key }) => {
      const value = valueAt(current, key.split('.'));
      return value === undefined ? [] : [{ key, value: withoutSecrets(value, key) as never }];
    }),
    waiting: [...(aside?.changed ?? [])],
    ...(aside?.problem === undefined ? {} : { problem: aside.problem.slice(0, 1024) }),
  };
}
