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
  // An end that is read again while the other is still full fills it with the next line, and pauses both once more.
  const resume = (): void => {
    client.resume();
    server.resume();
  };
  client.start({
    ...point.from.client,
    drained: resume,
    ended: events.clientEnded,
    gone: (reason) => {
      resume();
      events.clientGone(reason);
    },
  });
  server.start({
    ...point.from.server,
    drained: resume,
    ended: events.serverEnded,
    // It reads no more. What counts is whether it still answers, or ends.
    gone: resume,
  });
}

/**
 * Sends lines to one end. While they pile up there, neither end is read: the one that does not read its answers is
 * slowed down as much as the one that writes, and memory stays bounded.
 */
export const transmitTo =
  (to: End, other: End) =>
  (lines: Buffer[]): void => {
    if (to.send(lines)) return;
    to.pause();
    other.pause();
  };
