import type { End } from '@mcp-acp/mcp/end';
import type { EnforcementPoint } from '@mcp-acp/pipeline/enforcement-point';
import type { Flow } from './flow.ts';

export interface RelayParts {
  readonly client: End;
  readonly server: End;
  readonly point: Omit<EnforcementPoint, 'approvals'>;
  readonly flow: Flow;
}

export interface RelayEvents {
  /** The client will send nothing more; it may still read. */
  clientEnded(): void;
  /** Nothing reaches the client any more. */
  clientGone(reason: string): void;
  /** The backend will send nothing more, whether its process still runs or not. */
  serverEnded(): void;
}

/** Joins the two ends to the enforcement point. Call it once the policy is in force: reading starts here. */
export function startRelay({ client, server, point, flow }: RelayParts, events: RelayEvents): void {
  client.start({
    ...point.from.client,
    // A client on stdio is asked on one pipe: no request fails by itself.
    failed: () => undefined,
    drained: flow.drained.client,
    ended: events.clientEnded,
    gone: (reason) => {
      flow.drained.client();
      events.clientGone(reason);
    },
  });
  server.start({
    ...point.from.server,
    failed: point.requestFailed,
    drained: flow.drained.server,
    ended: events.serverEnded,
    // It reads no more. What counts is whether it still answers, or ends.
    gone: flow.drained.server,
  });
}
