import { atomicWrite } from '@mcp-acp/config/atomic-write';
import { changeSetting, formatSettings, putSetting, type SettingChange } from '@mcp-acp/config/edit-settings';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { readManagerConfigText } from '@mcp-acp/config/manager-config';
import { managerSettings } from '@mcp-acp/config/manager-settings';
import { policyDigest } from '@mcp-acp/config/policy-history';
import { ensurePrivateDir } from '@mcp-acp/config/private-dir';
import { readProxyConfigText } from '@mcp-acp/config/proxy-config';
import { proxySettings } from '@mcp-acp/config/proxy-settings';
import {
  checkSettingsText,
  parseSettings,
  type SettingsCheck,
  withDefaults,
} from '@mcp-acp/config/read-settings';
import {
  applies,
  type EffectAt,
  effectAtOf,
  type Setting,
  type SettingsFile,
  valueAt,
} from '@mcp-acp/config/setting';
import { withWriteLock } from '@mcp-acp/config/write-lock';
import { AcpError } from '@mcp-acp/shared/errors';
import type { JsonObject, JsonValue } from '@mcp-acp/shared/json';

/** Which settings file: the manager's, or a proxy's. */
export type ConfigTarget = { readonly kind: 'manager' } | { readonly kind: 'proxy'; readonly name: string };

export interface ConfigFile {
  readonly settings: SettingsFile;
  readonly file: string;
  readonly text: string;
  /** SHA-256 of the text: the version an edit must carry. */
  readonly digest: string;
}

export function readConfig(paths: HomePaths, target: ConfigTarget): ConfigFile {
  const manager = target.kind === 'manager';
  const text = manager ? (readManagerConfigText(paths) ?? '{}\n') : readProxyConfigText(paths, target.name);
  return {
    settings: manager ? managerSettings : proxySettings,
    file: manager ? paths.managerConfig : paths.proxyConfig(target.name),
    text,
    digest: policyDigest(text),
  };
}

export const validateConfig = ({ settings, text, file }: Omit<ConfigFile, 'digest'>): SettingsCheck =>
  checkSettingsText(settings, text, file);

/** One setting, its value, and whether the file gives it. */
export interface ShownSetting {
  readonly key: string;
  readonly value: JsonValue | undefined;
  readonly given: boolean;
  readonly description: string;
  readonly setting: Setting;
  readonly effectAt: EffectAt;
}

/** Throws AcpError('config_invalid' | 'format_too_new'). */
export function showConfig(
  paths: HomePaths,
  target: ConfigTarget,
): { readonly file: ConfigFile; readonly value: JsonObject; readonly settings: readonly ShownSetting[] } {
  const file = readConfig(paths, target);
  const given = parseSettings(file.settings, file.text, file.file);
  const filled = withDefaults(file.settings, given);
  const value: JsonObject =
    target.kind === 'proxy'
      ? { ...filled, backend: { id: target.name, ...(filled.backend as JsonObject) } }
      : filled;
  return {
    file,
    value,
    settings: file.settings.settings
      .filter((setting) => applies(file.settings, setting, given))
      .map((setting) => ({ setting, key: setting.key, description: setting.description }))
      .map(({ setting, key, description }) => ({
        key,
        description,
        setting,
        effectAt: effectAtOf(file.settings, setting),
        value: valueAt(value, key.split('.')),
        given: valueAt(given, key.split('.')) !== undefined,
      })),
  };
}

/** Changes one setting. Throws AcpError: 'usage' for a setting or value there is not, 'config_invalid', 'stale_edit'. */
export function setConfig(
  paths: HomePaths,
  target: ConfigTarget,
  change: SettingChange,
): {
  readonly file: ConfigFile;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
} {
  const file = readConfig(paths, target);
  const value = parseSettings(file.settings, file.text, file.file);
  const changed = changeSetting(file.settings, value, change);
  const text = formatSettings(changed);
  const check = checkSettingsText(file.settings, text, file.file);
  if (!check.ok) {
    // Its position would be one in a text that nobody has seen.
    throw new AcpError('usage', `That alone does not fit the rest: ${check.problems[0]?.message ?? ''}`, {
      fix: 'Settings that hang together are changed at once: mcp-acp config edit',
    });
  }
  const saved = saveConfig(paths, target, { text, edited: file.digest });
  const key = change.key.split('.');
  return {
    file: saved,
    before: valueAt(withDefaults(file.settings, value), key),
    after: valueAt(withDefaults(file.settings, changed), key),
  };
}

export interface ConfigChange {
  readonly key: string;
  /** `null` takes it back to its default. */
  readonly value: JsonValue;
}

/**
 * Changes several settings of the version `edited` at once. Throws AcpError: 'usage', 'config_invalid', 'stale_edit'.
 */
export function changeConfig(
  paths: HomePaths,
  target: ConfigTarget,
  { edited, changes }: { readonly edited: string; readonly changes: readonly ConfigChange[] },
): { readonly file: ConfigFile; readonly changed: readonly Setting[] } {
  const file = readConfig(paths, target);
  if (file.digest !== edited) throw stale(file.file);
  const { settings } = file;
  const value = parseSettings(settings, file.text, file.file);
  const next = changes.reduce(
    (before, { key, value: to }) => putSetting(settings, before, { key, to: to === null ? undefined : to }),
    value,
  );
  const text = formatSettings(next);
  const check = checkSettingsText(settings, text, file.file);
  if (!check.ok) throw new AcpError('usage', check.problems[0]?.message ?? 'The values do not fit together.');
  const before = withDefaults(settings, value);
  const after = withDefaults(settings, next);
  const changed = settings.settings.filter(({ key }) => {
    const path = key.split('.');
    return JSON.stringify(valueAt(before, path)) !== JSON.stringify(valueAt(after, path));
  });
  return { file: saveConfig(paths, target, { text, edited }), changed };
}

/** Replaces the whole file. Throws AcpError: 'config_invalid', 'stale_edit', 'usage' when the identity would change. */
export function saveConfig(
  paths: HomePaths,
  target: ConfigTarget,
  edit: { readonly text: string; readonly edited: string },
): ConfigFile {
  const { file, settings } = readConfig(paths, target);
  parseSettings(settings, edit.text, file);
  if (target.kind === 'manager') ensurePrivateDir(paths.home);
  return withWriteLock(file, () => replaceConfig(paths, target, edit));
}

function replaceConfig(
  paths: HomePaths,
  target: ConfigTarget,
  { text, edited }: { readonly text: string; readonly edited: string },
): ConfigFile {
  const now = readConfig(paths, target);
  if (now.digest !== edited) throw stale(now.file);
  const { id } = parseSettings(now.settings, text, now.file);
  const old = checkSettingsText(now.settings, now.text, now.file);
  if (target.kind === 'proxy' && old.ok && old.value.id !== id) {
    throw new AcpError('usage', '"id" is set once, when the proxy is made: its journal is bound to it.');
  }
  atomicWrite(now.file, text);
  return { ...now, text, digest: policyDigest(text) };
}

const stale = (file: string): AcpError =>
  new AcpError('stale_edit', `${file} was changed by someone else since it was read.`, {
    fix: 'Read it again and repeat the change.',
  });
