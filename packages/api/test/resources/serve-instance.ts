import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiContext } from '../../src/context.ts';
import type { InstancePort } from '../../src/ports/instance.ts';
import { proxyRouter } from '../../src/router/proxy-router.ts';
import { listenOnSocket, type SocketServer } from '../../src/server/listen-on-socket.ts';

export interface TempFolder extends Disposable {
  readonly path: string;
}

export function tempFolder(): TempFolder {
  const path = mkdtempSync(join(tmpdir(), 'acp-api-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export interface ServedInstance extends AsyncDisposable {
  readonly path: string;
  readonly server: SocketServer;
}

/** Serves an instance's branch on a socket, as a proxy does. */
export async function serveInstance(
  instance: InstancePort,
  path: string,
  more: Partial<ApiContext> = {},
): Promise<ServedInstance> {
  const server = await listenOnSocket({
    path,
    router: proxyRouter,
    context: (connection) => ({
      caller: { kind: 'socket' },
      connection,
      live: { at: 'here', instance },
      ...more,
    }),
  });
  return { path, server, [Symbol.asyncDispose]: () => server.close() };
}
