import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { AcpError } from '@mcp-acp/shared/errors';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { playInstance } from '@mcp-acp/testing/play-instance';
import { afterEach, expect, it, vi } from 'vitest';
import { forwardTo } from '../src/client/forward.ts';
import { openSocketChannel } from '../src/client/socket-channel.ts';
import { proxyRouter } from '../src/router/proxy-router.ts';
import { listenOnSocket } from '../src/server/listen-on-socket.ts';
import { keepAliveTimes } from '../src/wire/keep-alive.ts';
import { answerWith } from './resources/answer-with.ts';
import { serveInstance, tempFolder } from './resources/serve-instance.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A batch of 64 KiB. */
const batch: [string, LiveEvent][] = Array.from({ length: 64 }, (_, at) => [
  `inst_aaaaaaaaaaaaaaaa.${at + 1}`,
  {
    type: 'incident',
    time: '2026-01-01T00:00:00.000Z',
    code: 'internal',
    detail: 'x'.repeat(1000),
  },
]);
/** Far more than all buffers on the way hold together. */
const mostBatches = 2000;

it('[API-SLOW-READER] that is passed on holds up the instance, through whatever program', async () => {
  using folder = tempFolder();
  let made = 0;
  async function* events(_reader: unknown, signal: AbortSignal) {
    for (; made < mostBatches && !signal.aborted; made++) yield batch;
  }
  await using instance = await serveInstance({ ...playInstance(), events }, join(folder.path, 'a.sock'));
  const channel = openSocketChannel({
    path: instance.path,
    unreachable: (code) => new AcpError('proxy_disconnected', code),
  });
  const path = join(folder.path, 'manager.sock');
  const manager = await listenOnSocket({
    path,
    router: proxyRouter,
    context: (connection) => ({
      caller: { kind: 'socket' },
      connection,
      live: { at: 'elsewhere', forward: (operation) => forwardTo({ channel, answerMs: 60_000 }, operation) },
    }),
  });
  const reader = createConnection(path);
  await once(reader, 'connect');
  reader.pause();
  const params = { path: 'proxy.events', input: { proxy: 'files' } };
  reader.write(`${JSON.stringify({ id: 1, method: 'subscription', params })}\n`);
  let before = -1;
  while (made !== before || made === 0) {
    before = made;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  expect(made).toBeLessThan(mostBatches / 4);
  // One that reads again has all of it.
  let came = 0;
  reader.on('data', (chunk: Buffer) => {
    came += chunk.length;
  });
  reader.resume();
  await expect.poll(() => made, { timeout: 60_000 }).toBe(mostBatches);
  await expect.poll(() => came, { timeout: 60_000 }).toBeGreaterThan(mostBatches * 64 * 1000);
  reader.destroy();
  channel.close();
  await manager.close();
});

it('[API-SLOW-READER] a connection that is not read by our own wish is not given up, and says that we are here', async () => {
  using folder = tempFolder();
  const path = join(folder.path, 'a.sock');
  const heard: string[] = [];
  await using _program = await answerWith(path, (line) => heard.push(line));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  const channel = openSocketChannel({
    path,
    unreachable: (code) => new AcpError('proxy_disconnected', code),
  });
  const lost: string[] = [];
  channel.start(
    { method: 'subscription', params: { path: 'proxy.events', input: {} } },
    { message: () => undefined, lost: ({ message }) => lost.push(message) },
  );
  channel.pause();
  for (let round = 0; round < 4; round++) vi.advanceTimersByTime(keepAliveTimes.pingMs);
  vi.useRealTimers();
  await expect.poll(() => heard.filter((line) => line === 'PING')).toHaveLength(4);
  expect(lost).toEqual([]);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  channel.resume();
  vi.advanceTimersByTime(keepAliveTimes.pingMs + keepAliveTimes.pongMs);
  vi.useRealTimers();
  await expect.poll(() => lost).toEqual(['ETIMEDOUT']);
});
