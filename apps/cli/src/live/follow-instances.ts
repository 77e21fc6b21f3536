import { setTimeout as delay } from 'node:timers/promises';
import { runningInstances } from '@mcp-acp/admin/instances';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { checkSocket } from '@mcp-acp/config/run-dir';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';

export interface InstancesFollowed {
  /** Those whose events come now. */
  instances(): readonly InstanceId[];
  close(): void;
}

/** How often it is looked for instances that are new. Milliseconds. */
const lookMs = 500;
/** An instance that has not begun to tell by then is not waited for. Milliseconds. */
const beginMs = 2_000;

/**
 * Tells the events of every instance that runs or starts, each from the first it still keeps. Resolves when those that run
 * have begun to.
 */
export async function followInstances(options: {
  readonly paths: HomePaths;
  readonly names: () => readonly string[];
  /** A person stands behind this and answers what is asked. */
  readonly canAnswer: boolean;
  readonly onEvent: (event: LiveEvent) => void;
}): Promise<InstancesFollowed> {
  const { paths, names, canAnswer, onEvent } = options;
  const { apiClient } = await import('../loaded-later/api-client.ts');
  const { api, close } = apiClient.proxies((proxy, instance) =>
    paths.proxySocket(proxy, instance as InstanceId | undefined),
  );
  const followed = new Set<InstanceId>();

  const follow = (proxy: string, instance: InstanceId): Promise<void> => {
    followed.add(instance);
    let begun = (): void => undefined;
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const over = (): void => {
      followed.delete(instance);
      begun();
    };
    api.proxy.events.subscribe(
      { proxy, instance, lastEventId: `${instance}.0`, ...(canAnswer ? { canAnswer } : {}) },
      {
        onStarted: () => begun(),
        onData: ({ data }) => {
          for (const [, event] of data) onEvent(event);
        },
        onError: over,
        onComplete: over,
      },
    );
    return beginning;
  };

  const look = (): readonly Promise<void>[] =>
    names().flatMap((proxy) =>
      runningInstances(paths, proxy).instances.flatMap(({ instance }) =>
        followed.has(instance) || !listens(paths.proxySocket(proxy, instance))
          ? []
          : [follow(proxy, instance)],
      ),
    );

  const patience = new AbortController();
  await Promise.race([
    Promise.all(look()),
    delay(beginMs, undefined, { signal: patience.signal }).catch(() => undefined),
  ]);
  patience.abort();
  const timer = setInterval(look, lookMs);
  return {
    instances: () => [...followed],
    close: () => {
      clearInterval(timer);
      close();
    },
  };
}

/** What stands in a socket's place and is none of ours is as good as nobody. */
function listens(socket: string): boolean {
  try {
    return checkSocket(socket) === 'there';
  } catch {
    return false;
  }
}
