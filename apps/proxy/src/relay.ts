import type { End } from '@mcp-acp/mcp/end';
import type { EnforcementPoint } from '@mcp-acp/pipeline/enforcement-point';

export interface RelayEvents {
  /** The client will send nothing more; it may still read. */
  clientEnded(): void;
  /** Nothing reaches the client any more. */
  clientGone(reason: string): void;
  /** The backend will send nothing more, whether its process still runs or not. */
  serverEnded(): void;
}

/** Joins the two ends to the enforcement point. Call it once the policy is in force: reading starts here. */
export function startRelay(
  ends: { client: End; server: End },
  point: EnforcementPoint,
  events: RelayEvents,
): void {
  const { client, server } = ends;
  client.start({
    ...point.from.client,
    drained: () => server.resume(),
    ended: events.clientEnded,
    gone: events.clientGone,
  });
  server.start({
    ...point.from.server,
    drained: () => client.resume(),
    ended: events.serverEnded,
    // It reads no more. What counts is whether it still answers, or ends.
    gone: () => undefined,
  });
}

/** Sends lines to one end and stops reading the other while they pile up, so that memory stays bounded. */
export const transmitTo =
  (to: End, other: End) =>
  (lines: Buffer[]): void => {
    if (!to.send(lines)) other.pause();
  };
