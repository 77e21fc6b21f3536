import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BackendEvent } from '@mcp-acp/mcp/http/http-backend-options';
import { type HttpBackend, openHttpBackend } from '@mcp-acp/mcp/http/open-http-backend';

/** An end on a server of the test's own, which listens on loopback from now on. */
export async function localBackend(
  server: Server,
  onEvent: (event: BackendEvent) => void = () => undefined,
): Promise<HttpBackend> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return openHttpBackend({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    headers: {},
    transport: 'http',
    connectMs: 10_000,
    firstByteMs: 10_000,
    idleMs: 10_000,
    connectRetries: 0,
    maxConnections: 4,
    lineLimitBytes: 100_000,
    onEvent,
  });
}
