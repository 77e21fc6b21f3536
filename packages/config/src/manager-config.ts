import { readFileSync } from 'node:fs';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import { type HomePaths, homePaths } from './home-paths.ts';
import { managerSettings } from './manager-settings.ts';
import { parseSettings, withDefaults } from './read-settings.ts';

/** `manager.json`, every default filled in. */
export interface ManagerConfig {
  readonly format: 1;
  readonly port: number;
  readonly logDir?: string;
  readonly autoStart: boolean;
  /** Minutes; 0 never. */
  readonly idleExit: number;
  readonly openBrowser: boolean;
  readonly notifications: boolean;
  readonly retention: { readonly days: number; readonly megabytes: number };
  readonly telemetry?: { readonly otlpEndpoint: string };
}

/** The file's text, or undefined where there is none: then every setting has its default. */
export function readManagerConfigText(paths: HomePaths): string | undefined {
  try {
    return readFileSync(paths.managerConfig, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw new AcpError(
      'config_invalid',
      `${paths.managerConfig} cannot be read (${systemErrorCode(error)}).`,
      { cause: error },
    );
  }
}

/** Throws AcpError('config_invalid' | 'format_too_new') with file, line and column. */
export function readManagerConfig(paths: HomePaths): ManagerConfig {
  return parseManagerConfig(readManagerConfigText(paths) ?? '{}', paths.managerConfig);
}

function parseManagerConfig(text: string, file: string): ManagerConfig {
  // The table has checked every member, and a test holds the table and the interface together.
  return withDefaults(
    managerSettings,
    parseSettings(managerSettings, text, file),
  ) as unknown as ManagerConfig;
}

/** The paths of the installation with its `logDir` respected: what programs use, while tools that mend manager.json use {@link homePaths}. */
export function openHome(env: NodeJS.ProcessEnv): HomePaths {
  const paths = homePaths(env);
  const { logDir } = readManagerConfig(paths);
  return logDir === undefined ? paths : homePaths(env, { logDir });
}
