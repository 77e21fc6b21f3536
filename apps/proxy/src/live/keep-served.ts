import { lstatSync } from 'node:fs';
import type { SocketServer } from '@mcp-acp/api/server/listen-on-socket';
import { pause } from '../pause.ts';
import type { InstanceSockets } from './instance-sockets.ts';
import type { LiveGuard } from './live-guard.ts';

/** How long what was asked of an instance that ends may take to be answered. Milliseconds. */
const graceMs = 250;

export interface KeepServedOptions {
  readonly sockets: InstanceSockets;
  readonly listen: (path: string) => Promise<SocketServer>;
  /** The socket is open, for the first time or again. */
  readonly opened: () => void;
  /** What keeps the socket from being opened, or the name from being taken. */
  readonly problem: (error: unknown, what: 'socket' | 'name') => void;
  /** How often it is looked whether both still stand. Milliseconds. */
  readonly lookMs: number;
  readonly signal: AbortSignal;
  readonly guard: Pick<LiveGuard, 'tell'>;
}

/** Keeps an instance reachable, on its own socket and by its proxy's name, whatever happens to their files. */
export interface KeptServed {
  /** Settles with the signal. Rejects never. */
  readonly over: Promise<void>;
  /** To be called once it is over. */
  close(): Promise<void>;
}

interface OpenSocket {
  readonly server: SocketServer;
  readonly file: string | undefined;
}

export function keepServed(options: KeepServedOptions): KeptServed {
  const { sockets, listen, opened, problem, lookMs, signal, guard } = options;
  let open: OpenSocket | undefined;

  const reopen = async (): Promise<void> => {
    const gone = open;
    open = undefined;
    // What has connected comes again: two servers of one path would take each other's file away.
    await gone?.server.close();
    if (signal.aborted) return;
    sockets.prepare();
    sockets.sweep();
    const server = await listen(sockets.path);
    open = { server, file: fileAt(sockets.path) };
  };

  const look = async (): Promise<void> => {
    if (open === undefined || open.file !== fileAt(sockets.path)) {
      try {
        await reopen();
      } catch (error) {
        return problem(error, 'socket');
      }
      opened();
    }
    await sockets.takeName().catch((error: unknown) => problem(error, 'name'));
  };

  const keep = async (): Promise<void> => {
    while (!signal.aborted) {
      await look().catch(guard.tell);
      await pause(lookMs * (0.75 + Math.random() / 2), signal);
    }
  };

  return {
    over: keep(),
    close: async () => {
      await open?.server.close(graceMs);
      await sockets.leaveName();
    },
  };
}

/** Which file it is, or undefined where there is none. */
function fileAt(path: string): string | undefined {
  try {
    const { dev, ino } = lstatSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
