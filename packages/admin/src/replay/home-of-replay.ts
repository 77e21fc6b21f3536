import { type HomePaths, homePaths } from '@mcp-acp/config/home-paths';

/** Where an installation is, as data that another thread can be given. */
export interface ReplayHome {
  readonly home: string;
  readonly logs: string;
}

export const replayHome = ({ home, logs }: HomePaths): ReplayHome => ({ home, logs });

export const pathsOfReplay = ({ home, logs }: ReplayHome): HomePaths =>
  homePaths({ MCP_ACP_HOME: home }, { logDir: logs });
