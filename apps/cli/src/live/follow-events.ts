import { setTimeout as delay } from 'node:timers/promises';
import { runningInstances } from '@mcp-acp/admin/instances';
import { doesAnswer } from '@mcp-acp/admin/manager-find';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { checkSocket } from '@mcp-acp/config/run-dir';
import { AcpError } from '@mcp-acp/shared/errors';
import type { LiveEvent, LiveEventType } from '@mcp-acp/shared/live/live-event';
import { createSeenEvents } from './seen-events.ts';

export interface FollowOptions {
  readonly paths: HomePaths;
  /** Of these proxies; the manager's own events come too where `proxy` is absent. */
  readonly names: () => readonly string[];
  readonly proxy?: string;
  readonly types?: readonly LiveEventType[];
  readonly signal: AbortSignal;
  readonly onEvent: (event: LiveEvent) => void;
  /** Where the events come from has changed. */
  readonly onSource: (source: 'manager' | 'proxies') => void;
}

/** How often a manager that is away, and an instance that is new, is looked for. Milliseconds. */
const lookMs = 500;

/**
 * Tells what happens from now on until the signal is given: through the manager and, while there is none, straight from
 * every running instance. What was told once is not told again when the source changes, and what happened in between is
 * told then. Throws AcpError for what no waiting mends.
 */
export async function followEvents(options: FollowOptions): Promise<void> {
  const { paths, signal, onSource } = options;
  const seen = createSeenEvents(new Date().toISOString());
  const told: FollowOptions = {
    ...options,
    onEvent: (event) => {
      if (seen.isNew(event) && passes(event, options)) options.onEvent(event);
    },
  };
  let lastEventId: string | undefined;
  while (!signal.aborted) {
    if (await doesAnswer(paths.managerSocket)) {
      lastEventId = await followManager(told, lastEventId, () => onSource('manager'));
    } else {
      onSource('proxies');
      await followInstances(told);
    }
  }
}

function passes(event: LiveEvent, { proxy, types }: FollowOptions): boolean {
  // That something is missing concerns whatever was asked for.
  if (event.type === 'resync') return true;
  if (types !== undefined && !types.includes(event.type)) return false;
  return proxy === undefined || ('proxy' in event && event.proxy?.name === proxy);
}

/** Until the manager is gone. Returns the id of its newest event. */
async function followManager(
  { paths, proxy, types, signal, onEvent }: FollowOptions,
  after: string | undefined,
  started: () => void,
): Promise<string | undefined> {
  const { apiClient } = await import('../loaded-later/api-client.ts');
  const { api, close } = apiClient.manager(paths.managerSocket);
  let lastEventId = after;
  let stop = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const subscription = api.events.live.subscribe(
        {
          ...(proxy === undefined ? {} : { proxy }),
          ...(types === undefined ? {} : { types: [...types] }),
          ...(after === undefined ? {} : { lastEventId: after }),
        },
        {
          onStarted: started,
          onData: ({ id, data }) => {
            lastEventId = id;
            onEvent(data);
          },
          onComplete: resolve,
          onError: (error) => reject(apiClient.errorOf(error)),
        },
      );
      stop = () => {
        subscription.unsubscribe();
        resolve();
      };
      signal.addEventListener('abort', stop);
    });
  } catch (error) {
    if (!(error instanceof AcpError) || !isGone(error)) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    close();
  }
  return lastEventId;
}

/** From every instance that runs or starts, until a manager answers. */
async function followInstances({ paths, names, signal, onEvent }: FollowOptions): Promise<void> {
  const { apiClient } = await import('../loaded-later/api-client.ts');
  const { api, close } = apiClient.proxies((proxy, instance) =>
    paths.proxySocket(proxy, instance as Parameters<HomePaths['proxySocket']>[1]),
  );
  const followed = new Set<string>();
  const follow = (proxy: string, instance: string): void => {
    followed.add(instance);
    api.proxy.events.subscribe(
      // From the first it still keeps: what has been told, or is older than this command, is passed over.
      { proxy, instance, lastEventId: `${instance}.0` },
      { onData: ({ data }) => onEvent(data), onError: () => void followed.delete(instance) },
    );
  };
  try {
    while (!signal.aborted && !(await doesAnswer(paths.managerSocket))) {
      for (const proxy of names()) {
        for (const { instance } of runningInstances(paths, proxy).instances) {
          if (!followed.has(instance) && checkSocket(paths.proxySocket(proxy, instance)) === 'there') {
            follow(proxy, instance);
          }
        }
      }
      await pause(lookMs, signal);
    }
  } finally {
    close();
  }
}

const isGone = ({ code }: AcpError): boolean =>
  code === 'manager_not_running' || code === 'proxy_unanswering';

/** The signal ends it early. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined);
