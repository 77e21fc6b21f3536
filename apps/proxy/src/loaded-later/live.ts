import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InstancePort } from '@mcp-acp/api/ports/instance';
import { proxyRouter } from '@mcp-acp/api/router/proxy-router';
import { listenOnSocket, type SocketServer } from '@mcp-acp/api/server/listen-on-socket';
import type { Journal } from '@mcp-acp/audit/journal';
import { readManagerConfig } from '@mcp-acp/config/manager-config';
import { AcpError } from '@mcp-acp/shared/errors';
import type { EventOrigin } from '@mcp-acp/shared/live/live-event';
import { visible } from '@mcp-acp/shared/visible';
import type { InstanceOptions } from '../instance-options.ts';
import { createInstanceSockets, type InstanceSockets } from '../live/instance-sockets.ts';
import type { LiveState } from '../live/live-state.ts';
import { stayJoined } from '../live/manager-link.ts';
import { tellPerson } from '../live/tell-person.ts';
import { aborted, pause } from '../pause.ts';
import { quietly } from '../quietly.ts';
import type { Reloading } from '../reloading.ts';
import type { Traces } from './traces.ts';

export interface LiveOptions extends Omit<InstanceOptions, 'input'> {
  readonly live: LiveState;
  readonly reloading: Reloading;
  readonly journal: Journal;
  readonly origin: EventOrigin;
  /** Sends traces; absent where nobody wants any. */
  readonly traces?: () => Promise<Traces>;
  /** The instance ends. */
  readonly signal: AbortSignal;
}

/** How often it is looked whether the proxy's name still leads to somebody. Milliseconds. */
const lookAfterNameMs = 10_000;
/** How long the end of a session may wait for files to be tidied up. Milliseconds. */
const leaveMs = 1_000;
/** What is told last is on its way within this time. Milliseconds. */
const lastWordsMs = 25;

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
    tellTrouble(options, asAcpError(error), 'There are no traces');
    return undefined;
  }
}

async function serve(options: LiveOptions): Promise<void> {
  const { signal } = options;
  const sockets = createInstanceSockets({ ...options.origin, paths: options.paths });
  let server: SocketServer;
  try {
    server = await openSocket(options, sockets);
  } catch (error) {
    tellTrouble(options, asAcpError(error), 'Nobody can look at this instance while it runs');
    return aborted(signal);
  }
  const gone = new AbortController();
  const naming = keepName(sockets, gone.signal);
  const joining = linkToManager(options, sockets.path, gone.signal).catch((error: unknown) =>
    tellTrouble(options, asAcpError(error), 'The manager is not joined'),
  );
  await aborted(signal);
  options.live.lastWords();
  await delay(lastWordsMs);
  gone.abort();
  await Promise.race([leave({ sockets, server, naming, joining }), delay(leaveMs)]);
}

async function openSocket(options: LiveOptions, sockets: InstanceSockets): Promise<SocketServer> {
  const { live, reloading } = options;
  const { instance } = options.origin;
  const port: InstancePort = {
    status: live.status,
    reload: async (request) => ({ instance, ...reloading.reload(request) }),
    events: live.read,
  };
  sockets.prepare();
  sockets.sweep();
  const server = await listenOnSocket({
    path: sockets.path,
    router: proxyRouter,
    context: (connection) => ({
      caller: { kind: 'socket' },
      connection,
      live: { at: 'here', instance: port },
    }),
    onFault: (error) => process.stderr.write(`mcp-acp: live state: ${visible(asAcpError(error).message)}\n`),
  });
  await sockets.takeName().catch((error: unknown) => {
    tellTrouble(options, asAcpError(error), "The proxy's name does not lead to this instance");
  });
  return server;
}

/** The instance the name leads to may be killed: the next one that looks takes the name over. */
async function keepName(sockets: InstanceSockets, signal: AbortSignal): Promise<void> {
  for (;;) {
    await pause(lookAfterNameMs * (0.75 + Math.random() / 2), signal);
    if (signal.aborted) return;
    await sockets.takeName().catch(() => undefined);
  }
}

async function linkToManager(options: LiveOptions, socket: string, signal: AbortSignal): Promise<void> {
  const { paths, env, program, headless, live } = options;
  const { autoStart, notifications } = settings(options);
  const lostMark = join(dirname(paths.managerSocket), 'manager.lost');
  await stayJoined({
    paths,
    env,
    program,
    mayStart: autoStart && !headless,
    socket,
    live,
    signal,
    joined: () => quietly(() => rmSync(lostMark, { force: true })),
    lost: () => {
      const text = 'Calls are still decided and recorded. To bring it back: mcp-acp manager start';
      process.stderr.write(`mcp-acp: The manager is gone. ${text}\n`);
      // Of all proxies that lose it, one tells the person.
      if (!headless && notifications && isFirst(lostMark))
        quietly(() => tellPerson({ title: 'mcp-acp: the manager is gone', text }, env));
    },
    problem: (error) => tellTrouble(options, error, 'The manager was not joined'),
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

interface Leaving {
  readonly sockets: InstanceSockets;
  readonly server: SocketServer;
  readonly naming: Promise<void>;
  readonly joining: Promise<void>;
}

async function leave({ sockets, server, naming, joining }: Leaving): Promise<void> {
  // A manager that is being started may take longer than there is time.
  const left = Promise.all([server.close(), naming]).then(sockets.leaveName);
  await Promise.all([left, joining]);
}

function tellTrouble({ journal }: LiveOptions, error: AcpError, what: string): void {
  const fix = error.fix === undefined ? '' : ` ${error.fix}`;
  process.stderr.write(`mcp-acp: ${what}: ${visible(error.message, 1024)}${visible(fix, 1024)}\n`);
  try {
    journal.append({ type: 'incident', code: error.code, detail: `${what}: ${visible(error.message)}` });
  } catch {
    // The journal takes nothing; stderr has it.
  }
}

const asAcpError = (error: unknown): AcpError =>
  error instanceof AcpError
    ? error
    : new AcpError('internal', error instanceof Error ? error.message : String(error), { cause: error });

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
