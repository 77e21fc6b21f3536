import { readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { doesAnswer } from '@mcp-acp/admin/manager-find';
import { readLedgerHead } from '@mcp-acp/audit/ledger';
import { livenessOf } from '@mcp-acp/audit/process-identity';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { ensureRunDir } from '@mcp-acp/config/run-dir';
import { systemErrorCode } from '@mcp-acp/shared/errors';
import { type InstanceId, isInstanceId } from '@mcp-acp/shared/ids';
import type { EventOrigin } from '@mcp-acp/shared/live/live-event';

export interface InstanceSocketsOptions extends EventOrigin {
  readonly paths: HomePaths;
}

/**
 * Where an instance is reached: its own socket, and the proxy's name, a link to the socket of one live instance. Whoever
 * finds the link leading nowhere puts it on itself, whole and in one step, so that starters cannot harm each other.
 */
export interface InstanceSockets {
  readonly path: string;
  /** Makes the folders, or checks them. Throws AcpError('config_invalid'). */
  prepare(): void;
  /** Removes what instances of this proxy left behind that are dead. */
  sweep(): void;
  /** Puts the proxy's name on this instance unless it leads to another one that answers. */
  takeName(): Promise<void>;
  /** Gives the name to another live instance, or removes it. To be called once the own socket is closed. */
  leaveName(): Promise<void>;
}

export function createInstanceSockets(options: InstanceSocketsOptions): InstanceSockets {
  const { paths, id: proxyId, name, instance } = options;
  const path = paths.proxySocket(name, instance);
  const link = paths.proxySocket(name);

  /** The instances that run, as far as can be told. One is in the ledger before it has a socket. */
  const others = (): readonly InstanceId[] =>
    (readLedgerHead(paths.auditDir(name), proxyId)?.open ?? [])
      .filter((open) => open.instance !== instance && livenessOf(open.process) !== 'dead')
      .map((open) => open.instance);

  const putName = (target: string): void => {
    const temporary = `${link}.${instance}`;
    rmSync(temporary, { force: true });
    symlinkSync(target, temporary);
    renameSync(temporary, link);
  };

  /** The socket of another instance that answers. */
  const anotherOne = async (): Promise<string | undefined> => {
    for (const other of others()) {
      const socket = paths.proxySocket(name, other);
      if (await answers(socket)) return socket;
    }
    return undefined;
  };

  return {
    path,
    prepare: () => {
      ensureRunDir(dirname(link));
      if (dirname(path) !== dirname(link)) ensureRunDir(dirname(path));
    },
    sweep: () => {
      // The folder is read before the ledger: what is seen here by then has its entry there.
      const found = socketsOf(options);
      if (found.length === 0) return;
      const alive = new Set<string>([instance, ...others()]);
      for (const dead of found) {
        if (!alive.has(dead)) rmSync(paths.proxySocket(name, dead), { force: true });
      }
    },
    takeName: async () => {
      try {
        symlinkSync(path, link);
        return;
      } catch (error) {
        if (systemErrorCode(error) !== 'EEXIST') throw error;
      }
      const target = targetOf(link);
      if (target === path) return;
      const isOther = others().some((other) => paths.proxySocket(name, other) === target);
      if (target !== undefined && isOther && (await answers(target))) return;
      putName(path);
    },
    leaveName: async () => {
      // One that ends at the same time may have looked at the name before it was given to it: then it is looked after here.
      for (let leaving = path; targetOf(link) === leaving; ) {
        const next = await anotherOne();
        if (next === undefined) {
          rmSync(link, { force: true });
          return;
        }
        putName(next);
        if (await answers(next)) return;
        leaving = next;
      }
    },
  };
}

/** The instances of this proxy whose sockets lie in the folder, dead or alive. */
function socketsOf({ paths, name, instance }: InstanceSocketsOptions): readonly InstanceId[] {
  const folder = dirname(paths.proxySocket(name, instance));
  const there = readdirSync(folder);
  if (folder === paths.run) {
    const start = `proxy_${name}.`;
    return there
      .filter((file) => file.startsWith(start) && file.endsWith('.sock'))
      .map((file) => file.slice(start.length, -'.sock'.length))
      .filter(isInstanceId);
  }
  // Names there are digests: the journal's streams tell which instances there have been.
  const sockets = new Set(there);
  return readdirSync(paths.auditDir(name))
    .map((file) => file.slice(0, file.indexOf('.')))
    .filter(isInstanceId)
    .filter((id) => sockets.has(basename(paths.proxySocket(name, id))));
}

/** Where a link leads; undefined for what is none, or is gone. */
function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

/** Whether an instance listens there. What is no socket of the user's own is not connected to. */
const answers = (socket: string): Promise<boolean> => doesAnswer(socket).catch(() => false);
