import { accessSync, constants, existsSync } from 'node:fs';
import type { HistoryPort } from '@mcp-acp/api/ports/history';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { readManagerConfig } from '@mcp-acp/config/manager-config';
import type { ReadModel } from './read-model/read-model.ts';
import type { ReadinessCheck, ReadinessReport } from './web/web-ports.ts';

export interface ReadinessParts {
  readonly paths: HomePaths;
  readonly history: Pick<HistoryPort, 'state'>;
  readonly model: ReadModel;
}

/** Whether the manager can do all of its work now. */
export function readinessOf({ paths, history, model }: ReadinessParts): ReadinessReport {
  return {
    checks: {
      config: check(() => void readManagerConfig(paths)),
      database: databaseCheck(history.state()),
      sockets: check(() => accessSync(paths.managerSocket, constants.R_OK | constants.W_OK)),
      journals: check(() => {
        if (existsSync(paths.logs)) accessSync(paths.logs, constants.R_OK | constants.W_OK | constants.X_OK);
      }),
    },
    backends: model.list().flatMap(({ name, instances }) =>
      instances.map(({ status }) => ({
        proxy: name,
        instance: status.instance,
        state: status.backend.state,
      })),
    ),
  };
}

function check(act: () => void): ReadinessCheck {
  try {
    act();
    return { ok: true };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** A history that catches up answers already. */
const databaseCheck = ({ state, problem }: ReturnType<HistoryPort['state']>): ReadinessCheck =>
  state === 'unavailable'
    ? { ok: false, ...(problem === undefined ? {} : { detail: problem }) }
    : { ok: true };
