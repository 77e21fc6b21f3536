import type { Server } from 'node:http';

/** The only address there is: IPv4's own machine. Nothing listens on `::1`, and nothing is answered under its name. */
export const loopback = '127.0.0.1';

/** The port that was asked for, or the one the system gave. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
