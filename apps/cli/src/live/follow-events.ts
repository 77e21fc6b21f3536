import { setTimeout as delay } from 'node:timers/promises';
import { doesAnswer } from '@mcp-acp/admin/manager-find';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { AcpError, type ErrorCode } from '@mcp-acp/shared/errors';
import type { LiveEvent, LiveEventType } from '@mcp-acp/shared/live/live-event';
import type { ManagerApi } from '../loaded-later/api-client.ts';
import { followInstances, type InstancesFollowed } from './follow-instances.ts';
import { createSeenEvents } from './seen-events.ts';

export interface FollowOptions {
  readonly paths: HomePaths;
  /** Of these proxies; the manager's own events come too where `proxy` is absent. */
  readonly names: () => readonly string[];
  readonly proxy?: string;
  readonly types?: readonly LiveEventType[];
  /** A person stands behind this and answers what is asked. */
  readonly canAnswer?: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: (event: LiveEvent) => void;
  /** Where the events come from has changed. */
  readonly onSource: (source: 'manager' | 'proxies') => void;
}

/** How often a manager that is away is looked for. Milliseconds. */
const lookMs = 500;

/**
 * Tells what happens from now on until the signal is given: through the manager and, while there is none, straight from
 * every running instance. A manager that comes back takes over when the instances have joined it, so that nothing is
 * missed in between, and nothing is told twice. Throws AcpError for what no waiting mends.
 */
export async function followEvents(options: FollowOptions): Promise<void> {
  const { paths, names, signal, canAnswer = false, onSource } = options;
  const seen = createSeenEvents();
  const tell = (event: LiveEvent): void => {
    if (seen.isNew(event) && passes(event, options)) options.onEvent(event);
  };
  let direct: InstancesFollowed | undefined;
  let lastEventId: string | undefined;
  try {
    while (!signal.aborted) {
      if (!(await doesAnswer(paths.managerSocket))) {
        direct ??= await followInstances({ paths, names, canAnswer, onEvent: tell });
        onSource('proxies');
        await pause(lookMs, signal);
        continue;
      }
      let hasStarted = false;
      const before = lastEventId;
      lastEventId = await followManager(options, lastEventId, {
        started: (api, gone) => {
          hasStarted = true;
          onSource('manager');
          void untilJoined(api, gone, () => direct?.instances() ?? []).then((joined) => {
            if (!joined) return;
            direct?.close();
            direct = undefined;
          });
        },
        // What a manager that was killed did not keep, the instances have told themselves.
        event: (event) => (event.type === 'resync' && direct !== undefined ? undefined : tell(event)),
      });
      if (signal.aborted || lastEventId !== before) continue;
      // One that accepts and serves nobody, because it is full, is as good as none, and is not asked without a pause.
      if (!hasStarted) {
        direct ??= await followInstances({ paths, names, canAnswer, onEvent: tell });
        onSource('proxies');
      }
      await pause(lookMs, signal);
    }
  } finally {
    direct?.close();
  }
}

function passes(event: LiveEvent, { proxy, types }: FollowOptions): boolean {
  const name = 'proxy' in event ? event.proxy?.name : undefined;
  // That something is missing concerns every type, and where it is not said whose it is, every proxy.
  if (event.type === 'resync') return proxy === undefined || name === undefined || name === proxy;
  if (types !== undefined && !types.includes(event.type)) return false;
  return proxy === undefined || name === proxy;
}

interface ManagerListener {
  /** `gone` is given when the manager is. */
  started(api: ManagerApi, gone: AbortSignal): void;
  event(event: LiveEvent): void;
}

/** Until the manager is gone. Returns the id of its newest event. */
async function followManager(
  { paths, proxy, types, canAnswer = false, signal }: FollowOptions,
  after: string | undefined,
  listener: ManagerListener,
): Promise<string | undefined> {
  const { apiClient } = await import('../loaded-later/api-client.ts');
  const { api, close } = apiClient.manager(paths.managerSocket);
  const gone = new AbortController();
  let lastEventId = after;
  let stop = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const subscription = api.events.live.subscribe(
        {
          ...(proxy === undefined ? {} : { proxy }),
          ...(types === undefined ? {} : { types: [...types] }),
          ...(after === undefined ? {} : { lastEventId: after }),
          ...(canAnswer ? { canAnswer } : {}),
        },
        {
          onStarted: () => listener.started(api, gone.signal),
          onData: ({ id, data }) => {
            lastEventId = id;
            for (const [, event] of data) listener.event(event);
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
    gone.abort();
    signal.removeEventListener('abort', stop);
    close();
  }
  return lastEventId;
}

/** Waits until the manager sees all these instances, and whatever it told of them until then has come. False where it goes. */
async function untilJoined(
  api: ManagerApi,
  gone: AbortSignal,
  instances: () => readonly string[],
): Promise<boolean> {
  while (!gone.aborted) {
    const seen = await api.proxies.list.query().catch(() => []);
    const joined = new Set<string>(
      seen.flatMap((proxy) => proxy.instances.map(({ status }) => status.instance)),
    );
    await pause(lookMs, gone);
    if (!gone.aborted && instances().every((instance) => joined.has(instance))) return true;
  }
  return false;
}

/** A manager that is away, that hangs or that has too much to do: waiting mends all of them. */
const goneCodes: ReadonlySet<ErrorCode> = new Set([
  'manager_not_running',
  'manager_unanswering',
  'proxy_unanswering',
  'too_many_requests',
]);
const isGone = ({ code }: AcpError): boolean => goneCodes.has(code);

/** The signal ends it early. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined);
