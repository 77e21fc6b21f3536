import type { SocketClient } from '@mcp-acp/api/client/socket-client';
import type { AppRouter } from '@mcp-acp/api/router/app-router';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import { pause } from '../pause.ts';

/** Between two looks. Milliseconds. */
const lookMs = 10;

/**
 * Settles when the manager has the figures an instance ends with, which it reads on a connection of its own, or with the
 * signal. Rejects where the manager cannot say.
 */
export async function lastFiguresTaken(
  { api }: Pick<SocketClient<AppRouter>, 'api'>,
  { name, instance, inFlight, statistics }: InstanceStatus,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { instances } = await api.proxies.get.query({ proxy: name }, { signal });
    const seen = instances.find(({ status }) => status.instance === instance)?.status;
    const has =
      seen === undefined ||
      (seen.inFlight === inFlight &&
        seen.statistics.requests === statistics.requests &&
        seen.statistics.latency.call.count === statistics.latency.call.count);
    if (has) return;
    await pause(lookMs, signal);
  }
}
