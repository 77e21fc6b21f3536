import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { localBackend } from './local-backend.ts';

// The product's own timers stand still: what waits for one of them never happens. Those of the sockets go on.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});
const answer = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'test', version: '1' } },
});

/** A backend with an open session at a server that never answers DELETE. */
async function openSession() {
  let deleted = (): void => undefined;
  const gotDelete = new Promise<void>((resolve) => {
    deleted = resolve;
  });
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'DELETE') return deleted();
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 'session' });
    response.end(answer);
  });
  const backend = await localBackend(server);
  const ignore = (): void => undefined;
  await new Promise<void>((resolve) => {
    backend.start({
      line: () => resolve(),
      failed: ignore,
      oversize: ignore,
      drained: ignore,
      ended: ignore,
      gone: ignore,
    });
    backend.send([Buffer.from(initialize)]);
  });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { backend, gotDelete, close };
}

it('a session whose DELETE is not answered is left after a moment', async () => {
  const { backend, gotDelete, close } = await openSession();
  const exited = backend.terminate();
  await gotDelete;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await exited).toEqual({ kind: 'closed' });
  await close();
});

it('whoever asks again, by force, does not wait for the DELETE either', async () => {
  const { backend, gotDelete, close } = await openSession();
  const exited = backend.terminate();
  await gotDelete;
  expect(await backend.terminate(0)).toEqual({ kind: 'closed' });
  expect(await exited).toEqual({ kind: 'closed' });
  await close();
});
