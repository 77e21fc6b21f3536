import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { notifyDesktop } from '@mcp-acp/admin/desktop-notification';
import type { InstancePort } from '@mcp-acp/api/ports/instance';
import { proxyRouter } from '@mcp-acp/api/router/proxy-router';
import { listenOnSocket, type SocketServer } from '@mcp-acp/api/server/listen-on-socket';
import type { Journal } from '@mcp-acp/audit/journal';
import { readManagerConfig } from '@mcp-acp/config/manager-config';
import type { EnforcementPoint } from '@mcp-acp/pipeline/enforcement-point';
import { AcpError, asAcpError } from '@mcp-acp/shared/errors';
import type { EventOrigin } from '@mcp-acp/shared/live/live-event';
import { visible } from '@mcp-acp/shared/visible';
import type { ConfigInForce } from '../config-in-force.ts';
import type { InstanceOptions } from '../instance-options.ts';
import { createInstanceSockets } from '../live/instance-sockets.ts';
import { keepServed } from '../live/keep-served.ts';
import type { LiveGuard } from '../live/live-guard.ts';
import type { LiveState } from '../live/live-state.ts';
import { stayJoined } from '../live/manager-link.ts';
import type { PersonSeen } from '../live/person-seen.ts';
import { runningConfig } from '../live/running-config.ts';
import { tellTrouble } from '../live/tell-trouble.ts';
import { aborted } from '../pause.ts';
import { quietly } from '../quietly.ts';
import type { Reloading } from '../reloading.ts';
import type { Traces } from './traces.ts';

export interface LiveOptions extends Omit<InstanceOptions, 'input'> {
  readonly live: LiveState;
  readonly reloading: Reloading;
  readonly point: Pick<EnforcementPoint, 'approvals'>;
  readonly configs: ConfigInForce;
  readonly person: PersonSeen;
  readonly journal: Journal;
  readonly origin: EventOrigin;
  readonly guard: LiveGuard;
  /** Sends traces; absent where nobody wants any. */
  readonly traces?: () => Promise<Traces>;
  /** The instance ends. */
  readonly signal: AbortSignal;
}

/** How often it is looked whether the socket and the proxy's name still stand. Milliseconds. */
const lookMs = 10_000;
/** How long the end of a session may wait for those who watch to have heard of it, and as long again for tidying up. Milliseconds. */
const leaveMs = 1_000;

const troubles = {
  socket: 'Nobody can look at this instance while it runs',
  name: "The proxy's name does not lead to this instance",
} as const;

/**
 * Serves this instance's live state on its socket and keeps it joined to the manager, until the signal. What goes wrong
 * here is told and recorded, and the session goes on without.
 */
export async function serveLive(options: LiveOptions): Promise<void> {
  const [traces] = await Promise.all([startTraces(options), serve(options)]);
  await traces?.close();
}

async function startTraces(options: LiveOptions): Promise<Traces | undefined> {
  try {
    return await options.traces?.();
  } catch (error) {
    tellTrouble(options.journal, asAcpError(error), 'There are no traces');
    return undefined;
  }
}

async function serve(options: LiveOptions): Promise<void> {
  const { signal, live, guard } = options;
  const sockets = createInstanceSockets({ ...options.origin, paths: options.paths });
  const gone = new AbortController();
  attachSummoner(options, gone.signal).catch(options.guard.tell);
  const said = new Map<string, string>();
  let joining: Promise<void> | undefined;
  const served = keepServed({
    sockets,
    listen: (path) => listen(options, path),
    lookMs,
    signal: gone.signal,
    guard,
    // The manager connects back to the socket, so it comes first.
    opened: () => {
      joining ??= linkToManager(options, sockets.path, gone.signal).catch(guard.tell);
    },
    problem: (thrown, what) => {
      const error = asAcpError(thrown);
      if (said.get(what) === error.message) return;
      said.set(what, error.message);
      tellTrouble(options.journal, error, troubles[what]);
    },
  });
  await aborted(signal);
  const last = new AbortController();
  // One who does not read leaves time for the manager.
  await within(leaveMs / 2, live.lastWords(last.signal));
  last.abort();
  gone.abort();
  // The manager's last look at the figures is through the socket that is closed then.
  await within(leaveMs / 2, joining ?? Promise.resolve());
  await within(
    leaveMs,
    served.over.then(() => served.close()),
  );
}

/** Notifications and dialogs, for when nobody looks on. */
async function attachSummoner(options: LiveOptions, signal: AbortSignal): Promise<void> {
  const { env, headless, origin, person, point } = options;
  if (headless) return person.attach(undefined);
  const { createSummoner } = await import('../loaded-later/summon-person.ts');
  person.attach(
    createSummoner({
      env,
      notifications: () => settings(options).notifications,
      proxy: origin.name,
      signal,
      answer: point.approvals.answer,
      card: point.approvals.card,
      openCommand: 'mcp-acp approvals watch',
    }),
  );
}

function listen(
  { live, reloading, origin, guard, point, configs }: LiveOptions,
  path: string,
): Promise<SocketServer> {
  const { instance } = origin;
  const port: InstancePort = {
    status: live.status,
    reload: async (request) => ({ instance, ...reloading.reload(request) }),
    events: live.read,
    approvals: point.approvals,
    config: () => runningConfig(configs),
  };
  return listenOnSocket({
    path,
    router: proxyRouter,
    context: (connection) => ({
      caller: { kind: 'socket' },
      connection,
      live: { at: 'here', instance: port, check: (target) => checkTarget(target, origin) },
    }),
    onFault: guard.tell,
  });
}

/** Whoever reached this instance by an old link, or by guessing, is not answered for another one. */
function checkTarget(
  target: { readonly proxy: string; readonly instance?: string | undefined },
  origin: EventOrigin,
): void {
  if (target.proxy !== origin.name)
    throw new AcpError(
      'proxy_unknown',
      `This is the proxy "${origin.name}", not "${visible(target.proxy)}".`,
    );
  if (target.instance !== undefined && target.instance !== origin.instance)
    throw new AcpError('proxy_disconnected', `This is ${origin.instance}, not ${visible(target.instance)}.`);
}

async function linkToManager(options: LiveOptions, socket: string, signal: AbortSignal): Promise<void> {
  const { paths, env, program, headless, live, person, guard } = options;
  const { autoStart, notifications } = settings(options);
  const lostMark = join(dirname(paths.managerSocket), 'manager.lost');
  await stayJoined({
    paths,
    env,
    program,
    mayStart: autoStart && !headless,
    socket,
    live,
    person,
    signal,
    leaveMs,
    guard,
    joined: () => quietly(() => rmSync(lostMark, { force: true })),
    lost: () => {
      const text = 'Calls are still decided and recorded. To bring it back: mcp-acp manager start';
      process.stderr.write(`mcp-acp: The manager is gone. ${text}\n`);
      // Of all proxies that lose it, one tells the person.
      if (!headless && notifications && isFirst(lostMark))
        void notifyDesktop({ title: 'mcp-acp: the manager is gone', text }, env);
    },
    problem: (error) => tellTrouble(options.journal, error, 'The manager was not joined'),
  });
}

function isFirst(mark: string): boolean {
  try {
    writeFileSync(mark, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

function settings({ paths }: LiveOptions): { readonly autoStart: boolean; readonly notifications: boolean } {
  try {
    return readManagerConfig(paths);
  } catch {
    // Broken since this start read it: what cannot be read allows nothing.
    return { autoStart: false, notifications: false };
  }
}

/** Settles with the promise, or when the time is over. Milliseconds. */
async function within(mostMs: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, mostMs);
  });
  await Promise.race([promise, over]);
  clearTimeout(timer);
}
