import type { HomePaths } from '@mcp-acp/config/home-paths';
import { checkSocket } from '@mcp-acp/config/run-dir';
import { AcpError } from '@mcp-acp/shared/errors';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { ManagerApi, ProxiesApi } from '../loaded-later/api-client.ts';

/** Runs `act` with a client of the manager. Throws AcpError: 'manager_not_running', and what the manager answers. */
export async function askManager<Result>(
  paths: HomePaths,
  act: (api: ManagerApi) => Promise<Result>,
): Promise<Result> {
  // Nothing is loaded to find out that there is nobody to ask.
  if (checkSocket(paths.managerSocket) === 'absent') throw noManager();
  const { apiClient } = await import('../loaded-later/api-client.ts');
  const { api, close } = apiClient.manager(paths.managerSocket);
  try {
    return await act(api);
  } catch (error) {
    throw apiClient.errorOf(error);
  } finally {
    close();
  }
}

/** Runs `act` with a client of running instances, each asked on its own socket. Throws AcpError, 'proxy_disconnected' among them. */
export async function askInstances<Result>(
  paths: HomePaths,
  act: (api: ProxiesApi) => Promise<Result>,
): Promise<Result> {
  const { apiClient } = await import('../loaded-later/api-client.ts');
  const { api, close } = apiClient.proxies((proxy, instance) => {
    const socket = paths.proxySocket(proxy, instance as InstanceId | undefined);
    if (checkSocket(socket) === 'absent') {
      throw new AcpError('proxy_disconnected', `${instance ?? `"${proxy}"`} does not listen on its socket.`);
    }
    return socket;
  });
  try {
    return await act(api);
  } catch (error) {
    throw apiClient.errorOf(error);
  } finally {
    close();
  }
}

const noManager = (): AcpError =>
  new AcpError('manager_not_running', 'The manager does not run.', {
    fix: 'Start it: mcp-acp manager start',
  });
