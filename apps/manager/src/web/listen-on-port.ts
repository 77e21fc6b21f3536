import type { Server } from 'node:http';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';

/** The only address there is: IPv4's own machine. Nothing listens on `::1`, and nothing is answered under its name. */
export const loopback = '127.0.0.1';

/** Throws AcpError('port_in_use'), which says what to do, where the port cannot be had. */
export function listenOnPort(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      const code = systemErrorCode(error);
      if (code !== 'EADDRINUSE' && code !== 'EACCES') return reject(error);
      const why =
        code === 'EACCES'
          ? `This user may not listen on port ${port}.`
          : `Port ${port} of ${loopback} is in use by another program.`;
      const fix = 'Take another: mcp-acp config set manager port PORT, or mcp-acp manager start --port PORT';
      reject(new AcpError('port_in_use', why, { fix, cause: error }));
    };
    server.once('error', failed);
    server.listen({ host: loopback, port, exclusive: true }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

/** The port that was asked for, or the one the system gave. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
