import { statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { instanceStatus, playInstance } from '@mcp-acp/testing/play-instance';
import { describe, expect, it } from 'vitest';
import { acpErrorOf } from '../src/client/errors.ts';
import { openProxiesClient } from '../src/client/proxies-client.ts';
import { openSocketClient } from '../src/client/socket-client.ts';
import type { AppRouter } from '../src/router/app-router.ts';
import type { ProxyRouter } from '../src/router/proxy-router.ts';
import { serveInstance, tempFolder } from './resources/serve-instance.ts';

const failure = async (promise: Promise<unknown>) => {
  try {
    await promise;
  } catch (error) {
    return acpErrorOf(error);
  }
  throw new Error('it did not fail');
};

describe('the link over a Unix socket', () => {
  it('carries queries, mutations and subscriptions that resume', async () => {
    using folder = tempFolder();
    const instance = playInstance();
    await using served = await serveInstance(instance, join(folder.path, 'a.sock'));
    expect(statSync(served.path).mode & 0o777).toBe(0o600);
    const client = openSocketClient<ProxyRouter>({ path: served.path });
    expect(await client.api.proxy.status.query({ proxy: 'files' })).toEqual(instanceStatus());
    const reloaded = await client.api.proxy.reload.mutate({ proxy: 'files' });
    expect(reloaded.policy).toBe('loaded');
    expect(instance.reloads[0]).toMatch(/^req_[a-z2-7]{16}$/);

    const seen: string[] = [];
    const read = (until: number, lastEventId?: string) =>
      new Promise<void>((resolve, reject) => {
        const subscription = client.api.proxy.events.subscribe(
          { proxy: 'files', ...(lastEventId === undefined ? {} : { lastEventId }) },
          {
            onStarted: () => {
              if (lastEventId === undefined) for (const seq of [1, 2, 3]) instance.call(seq);
            },
            onData: ({ data }) => {
              seen.push(...data.map(([id]) => id));
              if (seen.length < until) return;
              subscription.unsubscribe();
              resolve();
            },
            onError: reject,
          },
        );
      });
    await read(3);
    await expect.poll(() => instance.listeners).toBe(0);
    instance.call(4);
    await read(4, seen.at(-1));
    expect(seen).toEqual([1, 2, 3, 4].map((seq) => `inst_aaaaaaaaaaaaaaaa.${seq}`));
    client.close();
    await expect.poll(() => served.server.connections).toBe(0);
  });

  it('says at once that nobody is there', async () => {
    using folder = tempFolder();
    const client = openSocketClient<ProxyRouter>({ path: join(folder.path, 'none.sock') });
    const error = await failure(client.api.proxy.status.query({ proxy: 'files' }));
    expect(error).toMatchObject({ code: 'manager_not_running', message: expect.stringContaining('ENOENT') });
  });

  it('routes by the proxy named in the input', async () => {
    using folder = tempFolder();
    await using one = await serveInstance(playInstance(instanceStatus('one')), join(folder.path, '1.sock'));
    await using two = await serveInstance(playInstance(instanceStatus('two')), join(folder.path, '2.sock'));
    const client = openProxiesClient({ socketOf: (proxy) => (proxy === 'one' ? one.path : two.path) });
    const names = await Promise.all(
      ['one', 'two', 'one'].map(async (proxy) => (await client.api.proxy.status.query({ proxy })).name),
    );
    expect(names).toEqual(['one', 'two', 'one']);
    client.close();
  });

  it('refuses input that is none of the procedure, with the places and without the values', async () => {
    using folder = tempFolder();
    await using served = await serveInstance(playInstance(), join(folder.path, 'a.sock'));
    const client = openSocketClient<ProxyRouter>({ path: served.path });
    const error = await failure(client.api.proxy.status.query({ proxy: '../secret' }));
    expect(error).toMatchObject({ code: 'bad_request', message: expect.stringContaining('proxy:') });
    expect(error.message).not.toContain('secret');
    client.close();
  });

  it.each([
    ['no JSON', '{nope\n', 'bad_frame'],
    ['a number', '7\n', 'bad_frame'],
    ['an unknown procedure', '{"id":1,"method":"query","params":{"path":"manager.stop"}}\n', 'not_found'],
    ['too long a line', `${'x'.repeat(2 * 1024 * 1024)}\n`, 'request_too_large'],
  ])('refuses %s with a code and leaves other connections alone', async (_name, bytes, code) => {
    using folder = tempFolder();
    await using served = await serveInstance(playInstance(), join(folder.path, 'a.sock'));
    const client = openSocketClient<ProxyRouter>({ path: served.path });
    await client.api.proxy.status.query({ proxy: 'files' });
    const socket = createConnection(served.path);
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
        if (text.includes('\n')) resolve(text);
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('closed without a word')));
      socket.write(bytes);
    });
    expect(JSON.parse(answer)).toMatchObject({ error: { data: { words: { code } } } });
    expect((await client.api.proxy.status.query({ proxy: 'files' })).name).toBe('files');
    socket.destroy();
    client.close();
  });

  it('says of a procedure that is not there what it may be due to', async () => {
    using folder = tempFolder();
    await using served = await serveInstance(playInstance(), join(folder.path, 'a.sock'));
    const client = openSocketClient<AppRouter>({ path: served.path });
    expect(await failure(client.api.manager.status.query())).toMatchObject({
      code: 'not_found',
      fix: expect.stringContaining('different versions'),
    });
    client.close();
  });

  it('refuses more operations at once than a connection may have', async () => {
    using folder = tempFolder();
    await using served = await serveInstance(playInstance(), join(folder.path, 'a.sock'));
    const client = openSocketClient<ProxyRouter>({ path: served.path });
    const failures: string[] = [];
    for (let count = 0; count < 257; count++) {
      client.api.proxy.events.subscribe(
        { proxy: 'files' },
        { onError: (error) => failures.push(acpErrorOf(error).code) },
      );
    }
    await expect.poll(() => failures).toEqual(['too_many_requests']);
    client.close();
  });
});
