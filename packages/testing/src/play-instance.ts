import { AcpError } from '@mcp-acp/shared/errors';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { ApprovalList, Grant } from '@mcp-acp/shared/live/approval';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';

const nothing = { count: 0, sumMs: 0, buckets: [] };

export const instanceStatus = (name = 'files', instance = 'inst_aaaaaaaaaaaaaaaa'): InstanceStatus => ({
  proxyId: 'px_aaaaaaaaaaaaaaaa' as ProxyId,
  name,
  instance: instance as InstanceId,
  pid: 4242,
  program: '0.1.0',
  startedAt: '2026-01-01T00:00:00.000Z',
  subject: 'local:someone',
  backend: {
    id: name,
    kind: 'stdio',
    target: 'node',
    state: 'connected',
    since: '2026-01-01T00:00:00.000Z',
    retries: 0,
  },
  configVersion: '0'.repeat(64),
  disabled: false,
  inFlight: 0,
  pending: 0,
  statistics: {
    requests: 0,
    allowed: 0,
    denied: 0,
    asked: 0,
    latency: { call: nothing, backend: nothing, evaluation: nothing, humanWait: nothing },
  },
});

/** Nothing is asked in a played instance. */
export interface PlayedApprovals {
  list(): ApprovalList;
  card(): never;
  arguments(): never;
  answer(): never;
  denyAll(): number;
  grants(): readonly Grant[];
  revoke(): boolean;
  mute(): never;
}

const nobodyAsks = (): never => {
  throw new AcpError('not_found');
};

const nothingAsked: PlayedApprovals = {
  list: () => ({ pending: [], ended: [] }),
  card: nobodyAsks,
  arguments: nobodyAsks,
  answer: nobodyAsks,
  denyAll: () => 0,
  grants: () => [],
  revoke: () => false,
  mute: nobodyAsks,
};

/** An instance as the port of the API has it. */
export interface PlayedInstance {
  status(): InstanceStatus;
  readonly approvals: PlayedApprovals;
  config(): { version: string; settings: []; waiting: [] };
  reload(request: string): Promise<{ instance: string; policy: 'loaded'; config: 'unchanged' }>;
  events(
    reader: { readonly lastEventId: string | undefined },
    signal: AbortSignal,
  ): AsyncIterable<readonly [id: string, event: LiveEvent][]>;
  /** Tells its listeners of a call. */
  call(seq: number): void;
  /** Tells its listeners of anything. */
  tell(event: LiveEvent): void;
  readonly listeners: number;
  readonly reloads: readonly string[];
}

/** An instance whose events a test makes. Each reader's queue is as long as the test lets it grow. */
export function playInstance(status = instanceStatus()): PlayedInstance {
  const kept: [string, LiveEvent][] = [];
  const waiting = new Set<() => void>();
  const reloads: string[] = [];
  let listeners = 0;
  const tell = (event: LiveEvent): void => {
    kept.push([`${status.instance}.${kept.length + 1}`, event]);
    for (const wake of waiting) wake();
  };
  return {
    tell,
    get listeners() {
      return listeners;
    },
    reloads,
    approvals: nothingAsked,
    config: () => ({ version: status.configVersion, settings: [], waiting: [] }),
    status: () => status,
    reload: async (request) => {
      reloads.push(request);
      return { instance: status.instance, policy: 'loaded' as const, config: 'unchanged' as const };
    },
    call: (seq) => {
      const { proxyId: id, name, instance } = status;
      const proxy = { id, name, instance };
      tell({
        type: 'call_decided',
        time: '2026-01-01T00:00:00.000Z',
        proxy,
        seq,
        from: 'client',
        tool: `tool-${seq}`,
        disposition: 'forwarded',
      });
    },
    async *events({ lastEventId }, signal) {
      listeners++;
      try {
        let next = lastEventId === undefined ? kept.length : kept.findIndex(([id]) => id === lastEventId) + 1;
        while (!signal.aborted) {
          const item = kept[next];
          if (item !== undefined) {
            next++;
            yield [item];
            continue;
          }
          await new Promise<void>((resolve) => {
            const wake = (): void => {
              waiting.delete(wake);
              resolve();
            };
            waiting.add(wake);
            signal.addEventListener('abort', wake, { once: true });
          });
        }
      } finally {
        listeners--;
      }
    },
  };
}
