import type { Server } from 'node:net';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import { loopback } from './loopback.ts';

/**
 * Listens on 127.0.0.1 alone. Throws AcpError('port_in_use') where another program does, or where the system does not
 * let this user.
 */
export async function listenOnPort(server: Server, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: loopback, exclusive: true }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    const code = systemErrorCode(error);
    const other = port < 65_535 ? port + 1 : port - 1;
    const fix = `End that program, or choose another port: mcp-acp config set port ${other} --manager (for one start: mcp-acp manager start --port ${other})`;
    if (code === 'EADDRINUSE') {
      throw new AcpError('port_in_use', `Port ${port} on ${loopback} is in use by another program.`, {
        fix,
        cause: error,
      });
    }
    const detail =
      code === 'EACCES'
        ? `Port ${port} is reserved for the system.`
        : `The manager cannot listen on port ${port} of ${loopback} (${code ?? String(error)}).`;
    throw new AcpError('port_in_use', detail, {
      fix: fix.replace('End that program, or choose', 'Choose'),
      cause: error,
    });
  }
}
