import type { Forward } from '@mcp-acp/api/ports/forward';
import type { Reloaded } from '@mcp-acp/api/ports/instance';
import type { AskedToReload, ReloadPort } from '@mcp-acp/api/ports/reload';
import type { ReadModel } from '../read-model/read-model.ts';

/** Asks all at once; one that does not answer holds up no other. */
export function reloadInstances(model: ReadModel, forward: Forward): ReloadPort {
  const ask = async (
    target: { proxy: string; instance: string },
    request: string,
  ): Promise<AskedToReload> => {
    try {
      const reloaded = await forward({
        path: 'proxy.reload',
        kind: 'mutation',
        input: { ...target, request },
        ...target,
        signal: undefined,
      });
      return { ...target, reloaded: reloaded as Reloaded };
    } catch (error) {
      return { ...target, problem: error instanceof Error ? error.message : String(error) };
    }
  };
  return (proxy, request) => {
    const targets = model.connected().filter((target) => proxy === undefined || target.proxy === proxy);
    return Promise.all(targets.map((target) => ask(target, request)));
  };
}
