import { createConnection } from 'node:net';
import { join } from 'node:path';
import { playInstance } from '@mcp-acp/testing/play-instance';
import { describe, expect, it } from 'vitest';
import { openSocketClient } from '../src/client/socket-client.ts';
import type { ProxyRouter } from '../src/router/proxy-router.ts';
import { holdEarlyStops } from '../src/server/hold-early-stops.ts';
import { serveInstance, tempFolder } from './resources/serve-instance.ts';

const subscribe = (id: number) =>
  JSON.stringify({ id, method: 'subscription', params: { path: 'proxy.events', input: { proxy: 'files' } } });

describe('a subscription that is stopped at once', () => {
  it('[API-STOPPED] ends, however many there are, and leaves its connection as it was', async () => {
    using folder = tempFolder();
    const instance = playInstance();
    await using served = await serveInstance(instance, join(folder.path, 'a.sock'));
    const client = openSocketClient<ProxyRouter>({ path: served.path });
    for (let round = 0; round < 3; round++) {
      for (let count = 0; count < 100; count++) {
        client.api.proxy.events.subscribe({ proxy: 'files' }, {}).unsubscribe();
      }
      await client.api.proxy.status.query({ proxy: 'files' });
      await expect.poll(() => instance.listeners).toBe(0);
    }
    client.close();
  });

  it('[API-STOPPED] ends where both come in one batch', async () => {
    using folder = tempFolder();
    const instance = playInstance();
    await using served = await serveInstance(instance, join(folder.path, 'a.sock'));
    const socket = createConnection(served.path);
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.write(`[${subscribe(1)},{"id":1,"method":"subscription.stop"}]\n`);
    await expect.poll(() => text).toContain('"stopped"');
    expect(instance.listeners).toBe(0);
    socket.destroy();
  });

  it('[API-STOPPED] under an id in use it is refused, takes no place, and the first one goes on', async () => {
    using folder = tempFolder();
    const instance = playInstance();
    await using served = await serveInstance(instance, join(folder.path, 'a.sock'));
    const socket = createConnection(served.path);
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.write(`${subscribe(7)}\n`.repeat(300));
    socket.write('{"id":8,"method":"query","params":{"path":"proxy.status","input":{"proxy":"files"}}}\n');
    await expect.poll(() => text).toMatch(/"id":8,"result"/);
    expect(text.match(/"id":7,"error"/g)).toHaveLength(299);
    expect(instance.listeners).toBe(1);
    socket.destroy();
  });
});

describe('what holds early stops', () => {
  const watched = () => {
    const sent: string[] = [];
    const again: string[] = [];
    const encoder = holdEarlyStops({
      send: (text) => sent.push(text),
      emit: (_event, data) => again.push(String(data)),
    });
    return { encoder, sent, again };
  };
  const stop = '{"id":1,"method":"subscription.stop"}';

  it('[API-STOPPED] gives a stop back once the subscription runs', async () => {
    const { encoder, again } = watched();
    encoder.decode(subscribe(1));
    expect(encoder.decode(stop)).toEqual([]);
    expect(encoder.decode(stop)).toEqual([]);
    encoder.encode({ id: 1, result: { type: 'started' } });
    await Promise.resolve();
    expect(again).toEqual([stop]);
  });

  it('[API-STOPPED] forgets a stop of what was refused, and the id is free again', async () => {
    const { encoder, again, sent } = watched();
    encoder.decode(subscribe(1));
    encoder.decode(stop);
    encoder.encode({ id: 1, error: { message: 'no' } });
    await Promise.resolve();
    expect(again).toEqual([]);
    expect(encoder.decode(subscribe(1))).toMatchObject({ id: 1 });
    expect(sent).toEqual([]);
  });

  it.each(['{"method":"connectionParams","data":{"token":"t"}}', '7', 'null', '{"id":{}}', '[1,null]'])(
    '[API-STOPPED] leaves everything else alone: %s',
    (text) => {
      const { encoder } = watched();
      expect(encoder.decode(text)).toEqual(JSON.parse(text));
    },
  );
});
