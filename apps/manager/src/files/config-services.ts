import { withoutSecrets } from '@mcp-acp/admin/config-without-secrets';
import { type ConfigTarget, changeConfig, showConfig } from '@mcp-acp/admin/configs';
import type { ConfigShown, FilesPort } from '@mcp-acp/api/ports/files';
import type { ReloadPort } from '@mcp-acp/api/ports/reload';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { managerSettings } from '@mcp-acp/config/manager-settings';
import { proxySettings } from '@mcp-acp/config/proxy-settings';
import { effectAtOf, type SettingType } from '@mcp-acp/config/setting';
import { AcpError } from '@mcp-acp/shared/errors';

export type ConfigServices = Pick<FilesPort, 'config' | 'changeConfig'>;

/** Settings as pages show and change them. */
export function createConfigServices(paths: HomePaths, reload: ReloadPort): ConfigServices {
  return {
    config: (proxy) => {
      const { file, settings } = showConfig(paths, targetOf(proxy));
      return {
        digest: file.digest,
        settings: settings.map(({ key, description, given, value, setting, effectAt }) => ({
          key,
          description,
          given,
          type: typeShown(setting.type),
          takesEffect: effectAt,
          editable: setting.forPages === true,
          ...(setting.default === undefined ? {} : { default: setting.default }),
          ...(value === undefined ? {} : { value: withoutSecrets(value, key) }),
        })),
      };
    },
    changeConfig: async ({ proxy, edited, changes }, request) => {
      const kind = proxy === undefined ? managerSettings : proxySettings;
      for (const { key } of changes) {
        const setting = kind.settings.find((known) => known.key === key);
        // What there is not is refused by the same words as what is not for pages: a page learns nothing by trying.
        if (setting?.forPages !== true) {
          throw new AcpError('not_permitted', `"${key}" is not a setting that a page may change.`, {
            fix: 'Change it in a terminal: mcp-acp config set',
          });
        }
      }
      const { file, changed } = changeConfig(paths, targetOf(proxy), { edited, changes });
      const reloaded = proxy === undefined || changed.length === 0 ? [] : await reload(proxy, request);
      return {
        digest: file.digest,
        changed: changed.map((setting) => ({ key: setting.key, takesEffect: effectAtOf(kind, setting) })),
        reloaded: [...reloaded],
      };
    },
  };
}

const targetOf = (proxy: string | undefined): ConfigTarget =>
  proxy === undefined ? { kind: 'manager' } : { kind: 'proxy', name: proxy };

function typeShown(type: SettingType): ConfigShown['settings'][number]['type'] {
  switch (type.kind) {
    case 'choice':
      return { kind: type.kind, values: [...type.values] };
    case 'integer': {
      const { kind, least, most, unit } = type;
      return { kind, least, most, ...(unit === undefined ? {} : { unit }) };
    }
    default:
      return { kind: type.kind };
  }
}
