import { createConnection } from 'node:net';
import { join } from 'node:path';
import { AcpError } from '@mcp-acp/shared/errors';
import { playInstance } from '@mcp-acp/testing/play-instance';
import { describe, expect, it } from 'vitest';
import { acpErrorOf } from '../src/client/errors.ts';
import { forwardTo } from '../src/client/forward.ts';
import { openSocketChannel } from '../src/client/socket-channel.ts';
import { openSocketClient } from '../src/client/socket-client.ts';
import { type ProxyRouter, proxyRouter } from '../src/router/proxy-router.ts';
import { listenOnSocket } from '../src/server/listen-on-socket.ts';
import { tempFolder } from './resources/serve-instance.ts';

/** Longer than any machine takes for what the test waits for. */
const amplyMs = 60_000;

async function serveSlow(path: string) {
  const played = playInstance();
  let answer = (): void => undefined;
  const faults: unknown[] = [];
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const instance = {
    ...played,
    reload: async (request: string) => {
      const reloaded = await played.reload(request);
      await answered;
      return reloaded;
    },
  };
  const server = await listenOnSocket({
    path,
    router: proxyRouter,
    context: (connection) => ({ caller: { kind: 'socket' }, connection, live: { at: 'here', instance } }),
    onFault: (error) => faults.push(error),
  });
  return { server, reloads: played.reloads, answer, faults };
}

describe('the end of a server', () => {
  it('[API-ENDS-IN-ORDER] lets a call that came before have its answer, and takes none after', async () => {
    using folder = tempFolder();
    const path = join(folder.path, 'a.sock');
    const { server, reloads, answer } = await serveSlow(path);
    const client = openSocketClient<ProxyRouter>({ path });
    const subscription = new Promise((resolve) => {
      client.api.proxy.events.subscribe({ proxy: 'files' }, { onError: resolve });
    });
    const reload = client.api.proxy.reload.mutate({ proxy: 'files' });
    await expect.poll(() => reloads.length).toBe(1);
    const closed = server.close(amplyMs);
    const late = client.api.proxy.status.query({ proxy: 'files' });
    const other = openSocketClient<ProxyRouter>({ path });
    await expect(other.api.proxy.status.query({ proxy: 'files' })).rejects.toThrow(/ENOENT/);
    answer();
    await expect(reload).resolves.toMatchObject({ policy: 'loaded' });
    await expect(late).rejects.toThrow();
    await subscription;
    await closed;
    client.close();
  });

  it('[API-ENDS-IN-ORDER] waits no longer than it was told to', async () => {
    using folder = tempFolder();
    const path = join(folder.path, 'a.sock');
    const { server, reloads } = await serveSlow(path);
    const client = openSocketClient<ProxyRouter>({ path });
    const reload = client.api.proxy.reload.mutate({ proxy: 'files' }).catch(acpErrorOf);
    await expect.poll(() => reloads.length).toBe(1);
    await server.close(10);
    expect(await reload).toMatchObject({ code: 'manager_not_running' });
  });

  it('[API-QUIET-END] a reader that has gone away is no fault', async () => {
    using folder = tempFolder();
    const path = join(folder.path, 'a.sock');
    const { server, faults, answer } = await serveSlow(path);
    for (let count = 0; count < 20; count++) {
      const socket = createConnection(path);
      const call = { id: 1, method: 'mutation', params: { path: 'proxy.reload', input: { proxy: 'files' } } };
      await new Promise<void>((resolve) =>
        socket.write(`${JSON.stringify(call)}\n`.repeat(50), () => resolve()),
      );
      socket.destroy();
    }
    answer();
    await expect.poll(() => server.connections).toBe(0);
    await server.close();
    expect(faults).toEqual([]);
  });
});

describe('the end of a channel', () => {
  it('[API-ENDS-IN-ORDER] lets what is under way have its answer, and closes then', async () => {
    using folder = tempFolder();
    const path = join(folder.path, 'a.sock');
    const { server, reloads, answer } = await serveSlow(path);
    const channel = openSocketChannel({
      path,
      unreachable: (code) => new AcpError('proxy_disconnected', code),
    });
    const operation = { path: 'proxy.reload', kind: 'mutation', proxy: 'files', signal: undefined } as const;
    const input = { proxy: 'files' };
    const reload = forwardTo({ channel, answerMs: amplyMs }, { ...operation, input });
    await expect.poll(() => reloads.length).toBe(1);
    channel.finish();
    answer();
    await expect(reload).resolves.toMatchObject({ policy: 'loaded' });
    await expect.poll(() => server.connections).toBe(0);
    await server.close();
  });

  it('[API-ENDS-IN-ORDER] is at once where nothing is under way', async () => {
    using folder = tempFolder();
    const path = join(folder.path, 'a.sock');
    const { server, answer } = await serveSlow(path);
    answer();
    const channel = openSocketChannel({
      path,
      unreachable: (code) => new AcpError('proxy_disconnected', code),
    });
    const stop = channel.start(
      { method: 'subscription', params: { path: 'proxy.events', input: { proxy: 'files' } } },
      { message: () => undefined, lost: () => undefined },
    );
    await expect.poll(() => server.connections).toBe(1);
    channel.finish();
    expect(server.connections).toBe(1);
    stop();
    await expect.poll(() => server.connections).toBe(0);
    await server.close();
  });
});
