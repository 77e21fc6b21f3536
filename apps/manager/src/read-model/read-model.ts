import type { ProxiesPort, ProxySeen, Totals } from '@mcp-acp/api/ports/proxies';
import { AcpError } from '@mcp-acp/shared/errors';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { ConfiguredProxy } from './configured-proxies.ts';
import type { SeenInstance } from './seen-instance.ts';
import { sumStatistics } from './sum-statistics.ts';

/** Everything the manager knows of proxies now. What it answers with is in memory. */
export interface ReadModel extends ProxiesPort {
  connected(): readonly { readonly proxy: string; readonly instance: string }[];
  find(name: string): readonly SeenInstance[];
  /** The instance is connected. */
  joined(status: InstanceStatus): void;
  update(status: InstanceStatus): void;
  unresponsive(instance: string): void;
  left(instance: string): void;
}

/** The figures of a proxy's last session, kept where they outlive the manager. */
export interface SessionMemory {
  lastSessions(): ReadonlyMap<string, SeenInstance>;
  /** When a session of this proxy ended, of which nothing but its journal is known. RFC 3339. */
  lastEnd(id: string): string | undefined;
  keep(name: string, session: SeenInstance): void;
}

export interface ReadModelOptions {
  readonly configured: () => readonly ConfiguredProxy[];
  readonly memory: SessionMemory;
  readonly now: () => string;
  /** Told whatever a connected instance says of itself. */
  readonly onStatus?: (status: InstanceStatus) => void;
}

export function createReadModel({ configured, memory, now, onStatus }: ReadModelOptions): ReadModel {
  const live = new Map<string, SeenInstance>();
  const last = new Map(memory.lastSessions());

  const instancesOf = (name: string): readonly SeenInstance[] =>
    [...live.values()].filter(({ status }) => status.name === name);

  const seen = (name: string, config: ConfiguredProxy | undefined): ProxySeen => {
    const instances = instancesOf(name);
    const ended = last.get(name);
    const newest = instances.at(-1) ?? ended;
    const id = config?.id ?? newest?.status.proxyId;
    const error = newest?.status.backend.lastError;
    // A session may be over before it is joined.
    const since = ended?.disconnectedSince ?? (newest || !id ? undefined : memory.lastEnd(id));
    return {
      name,
      ...(id === undefined ? {} : { id }),
      configured: config !== undefined,
      enabled: config?.enabled ?? false,
      connection: connectionOf(instances, ended !== undefined || since !== undefined),
      ...(instances[0] === undefined ? {} : { connectedSince: instances[0].connectedSince }),
      ...(instances.length > 0 || since === undefined ? {} : { disconnectedSince: since }),
      ...(error === undefined ? {} : { lastError: error }),
      instances: [...instances],
      ...(ended === undefined ? {} : { last: ended }),
    };
  };

  const list = (): readonly ProxySeen[] => {
    const configs = new Map(configured().map((config) => [config.name, config]));
    // A proxy that was removed while it runs is still there.
    const names = new Set([...configs.keys(), ...[...live.values()].map(({ status }) => status.name)]);
    return [...names].sort().map((name) => seen(name, configs.get(name)));
  };

  const change = (instance: string, next: (held: SeenInstance) => SeenInstance): void => {
    const held = live.get(instance);
    if (held !== undefined) live.set(instance, next(held));
  };

  return {
    list,
    get: (name) => {
      const config = configured().find((candidate) => candidate.name === name);
      if (config === undefined && instancesOf(name).length === 0) {
        throw new AcpError('proxy_unknown', `There is no proxy named "${name}".`, {
          fix: 'See: mcp-acp proxy list',
        });
      }
      return seen(name, config);
    },
    totals: (): Totals => {
      const statuses = [...live.values()].map(({ status }) => status);
      const sum = (member: 'inFlight' | 'pending'): number =>
        statuses.reduce((total, status) => total + status[member], 0);
      return {
        proxies: new Set(statuses.map(({ name }) => name)).size,
        instances: statuses.length,
        inFlight: sum('inFlight'),
        pending: sum('pending'),
        statistics: sumStatistics(statuses.map(({ statistics }) => statistics)),
      };
    },
    connected: () =>
      [...live.values()].map(({ status }) => ({ proxy: status.name, instance: status.instance })),
    find: instancesOf,
    joined: (status) => {
      live.delete(status.instance);
      live.set(status.instance, { status, connection: 'connected', connectedSince: now() });
      onStatus?.(status);
    },
    update: (status) => {
      change(status.instance, ({ connectedSince }) => ({ status, connection: 'connected', connectedSince }));
      onStatus?.(status);
    },
    unresponsive: (instance) => change(instance, (held) => ({ ...held, connection: 'unresponsive' })),
    left: (instance) => {
      const held = live.get(instance);
      if (held === undefined) return;
      live.delete(instance);
      const ended: SeenInstance = { ...held, connection: 'disconnected', disconnectedSince: now() };
      last.set(held.status.name, ended);
      memory.keep(held.status.name, ended);
    },
  };
}

function connectionOf(instances: readonly SeenInstance[], hasEnded: boolean): ProxySeen['connection'] {
  if (instances.some(({ connection }) => connection === 'connected')) return 'connected';
  if (instances.length > 0) return 'unresponsive';
  return hasEnded ? 'disconnected' : 'never';
}
