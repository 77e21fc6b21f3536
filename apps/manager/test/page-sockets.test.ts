import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { describe, expect, it } from 'vitest';
import { type Message, openSocket, subscribe } from './page-socket.ts';
import { cookieName, requestText, sendRaw, type WebScene, webScene } from './web-scene.ts';

const event = (reason: string): LiveEvent => ({
  type: 'manager_stopping',
  time: '2026-01-01T00:00:00.000Z',
  reason,
});
const isEvent = (reason: string) => (message: Message) => JSON.stringify(message).includes(`"${reason}"`);
const started = (message: Message): boolean => message.result?.type === 'started';

/** Ticks of the event loop until it is so; the test's own time limit ends it. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the WebSocket of a page', () => {
  it('[WEB-SOCKET] carries events with their ids, and goes on behind the last one after it was lost', async () => {
    await using at = await webScene();
    const page = await at.page();
    const first = await openSocket(at, page);
    subscribe(first);
    await first.next(started);
    at.tell(event('one'));
    const one = await first.next(isEvent('one'));
    expect(one.result).toMatchObject({ type: 'data', id: 'epoch.1', data: { id: 'epoch.1' } });
    first.ws.terminate();
    await until(() => at.subscribers === 0);
    at.tell(event('two'));
    const second = await openSocket(at, page);
    subscribe(second, 7, 'epoch.1');
    await second.next(isEvent('two'));
    expect(second.received.filter(isEvent('one'))).toEqual([]);
    expect(at.server.pages).toBe(1);
    second.ws.close();
    await until(() => at.server.pages === 0 && at.subscribers === 0);
  });

  it('[WEB-EARLY-STOP] holds none of 300 subscriptions that were stopped before they had begun', async () => {
    await using at = await webScene();
    const socket = await openSocket(at, await at.page());
    for (let id = 1; id <= 300; id++) {
      subscribe(socket, id);
      socket.send({ id, method: 'subscription.stop' });
      await socket.next((message) => message.id === id && message.result?.type === 'stopped');
    }
    await until(() => at.subscribers === 0);
    for (let id = 301; id <= 400; id++) {
      subscribe(socket, id);
      socket.send({ id, method: 'subscription.stop' });
    }
    await until(() => socket.received.filter(({ result }) => result?.type === 'stopped').length === 400);
    await until(() => at.subscribers === 0);
    subscribe(socket, 401);
    at.tell(event('after'));
    await socket.next((message) => message.id === 401 && started(message));
    at.tell(event('later'));
    expect(await socket.next(isEvent('later'))).toMatchObject({ id: 401 });
    expect(socket.received.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  it('[WEB-LOCKED] is closed where the token is not that of the cookie, and answers nothing before', async () => {
    await using at = await webScene();
    const page = await at.page();
    const other = await at.page();
    for (const token of ['', 'wrong', other.token, page.cookie]) {
      const socket = await openSocket(at, page, token);
      socket.send({ id: 1, method: 'query', params: { path: 'proxies.list' } });
      subscribe(socket, 2);
      await socket.closed;
      const [refusal] = socket.received;
      expect(refusal?.error?.data?.words?.code).toBe('locked');
      expect(socket.received.filter(({ result }) => result !== undefined)).toEqual([]);
    }
    expect(at.effects).toEqual([]);
    expect(at.subscribers).toBe(0);
    expect(at.server.pages).toBe(0);
  });

  it('[WEB-LOCKED] is closed where the first message is not the token', async () => {
    await using at = await webScene();
    for (const first of [
      '{"id":1,"method":"query","params":{"path":"proxies.list"}}',
      '[]',
      'null',
      'no json',
      '{}',
    ]) {
      const socket = await openSocket(at, await at.page(), null);
      socket.ws.send(first);
      await socket.closed;
      expect(socket.received.filter(({ result }) => result !== undefined)).toEqual([]);
    }
    expect(at.effects).toEqual([]);
  });

  it('is closed where no token comes', async () => {
    await using at = await webScene({ limits: { tokenMs: 50 } });
    const socket = await openSocket(at, await at.page(), null);
    expect(await socket.closed).toBe(1006);
  });

  it('[WEB-REVOKED] is closed with its session, whoever ends it, and no other with it', async () => {
    await using at = await webScene();
    const [page, other] = [await at.page(), await at.page()];
    const socket = await openSocket(at, page);
    const stays = await openSocket(at, other);
    for (const one of [socket, stays]) {
      subscribe(one);
      await one.next(started);
    }
    at.access.revoke(page.session);
    expect(await socket.closed).toBe(4401);
    await until(() => at.subscribers === 1);
    at.tell(event('after'));
    await stays.next(isEvent('after'));
    expect(socket.received.filter(isEvent('after'))).toEqual([]);

    // The page itself, over HTTP.
    const host = `127.0.0.1:${at.port}`;
    const locked = await sendRaw(
      at.port,
      requestText(
        'POST /trpc/access.lock?batch=1 HTTP/1.1',
        {
          Host: host,
          Origin: `http://${host}`,
          Cookie: `${cookieName}=${other.cookie}`,
          'X-Mcp-Acp-Token': other.token,
          'Content-Type': 'application/json',
          'Content-Length': '2',
        },
        '{}',
      ),
    );
    expect(locked.status).toBe(200);
    expect(locked.headers.get('set-cookie')).toMatch(/^mcp-acp-0123abcd=; Max-Age=0; /);
    expect(await stays.closed).toBe(4401);
  });

  it('keeps its session in use for as long as it is open', async () => {
    await using at = await webScene();
    const page = await at.page();
    const socket = await openSocket(at, page);
    subscribe(socket);
    await socket.next(started);
    for (let hours = 0; hours < 30; hours += 10) {
      at.clock.pass(10 * 60 * 60 * 1000);
      socket.send({ id: 10 + hours, method: 'query', params: { path: 'proxies.list' } });
      await socket.next(({ id }) => id === 10 + hours);
    }
    expect(at.access.sessions()).toHaveLength(1);
    at.clock.pass(13 * 60 * 60 * 1000);
    socket.ws.send('PONG');
    expect(await socket.closed).toBe(4401);
  });

  it('[WEB-LIMITS] is closed by a message above 1 MiB, and by nothing smaller that makes no sense', async () => {
    await using at = await webScene();
    const socket = await openSocket(at, await at.page());
    for (const nonsense of [
      'no json',
      '{',
      'null',
      '[]',
      '42',
      '{"id":1}',
      '{"id":null,"method":"query","params":{}}',
    ]) {
      socket.ws.send(nonsense);
    }
    socket.send({ id: 5, method: 'query', params: { path: 'no.such' } });
    socket.send({ id: 6, method: 'query', params: { path: '__proto__' } });
    socket.send({
      id: 7,
      method: 'query',
      params: { path: 'proxies.list', input: { filler: 'x'.repeat(900_000) } },
    });
    const answers = await Promise.all([5, 6, 7].map((wanted) => socket.next(({ id }) => id === wanted)));
    expect(answers.map(({ error }) => error?.data?.words?.code)).toEqual([
      'not_found',
      'not_found',
      'bad_request',
    ]);
    socket.ws.send('x'.repeat(1024 * 1024 + 1));
    expect(await socket.closed).toBe(1009);
    expect(at.faults).toEqual([]);
  });

  it('[WEB-LIMITS] may have 256 operations under way', async () => {
    await using at = await webScene();
    const socket = await openSocket(at, await at.page());
    for (let id = 1; id <= 257; id++) subscribe(socket, id);
    const refused = await socket.next(({ error }) => error !== undefined);
    expect(refused.error?.data?.words?.code).toBe('too_many_requests');
    expect(at.subscribers).toBeLessThanOrEqual(256);
    socket.ws.terminate();
    await until(() => at.subscribers === 0);
  });

  it('[WEB-LIMITS] is one of at most 64, and those who show no token make room', async () => {
    await using at = await webScene();
    const page = await at.page();
    const strangers = await Promise.all(Array.from({ length: 60 }, () => openSocket(at, page, null)));
    const pages = [];
    for (let count = 0; count < 64; count++) {
      const socket = await openSocket(at, page);
      subscribe(socket);
      await socket.next(started);
      pages.push(socket);
    }
    await Promise.all(strangers.map(({ closed }) => closed));
    expect(at.server.pages).toBe(64);
    await expect(openSocket(at, page)).rejects.toThrow(/503/);
    pages[0]?.ws.terminate();
    await until(() => at.server.pages === 63);
    await openSocket(at, page);
  });

  it('[WEB-SLOW-PAGE] that is not read holds up its own events, not the memory of the manager', async () => {
    await using at = await webScene();
    const page = await at.page();
    const slow = await openSocket(at, page);
    const quick = await openSocket(at, page);
    for (const one of [slow, quick]) {
      subscribe(one);
      await one.next(started);
    }
    slow.ws.pause();
    const detail = 'x'.repeat(1_000);
    for (let count = 0; count < 40_000; count++) {
      at.tell({ type: 'incident', time: '2026-01-01T00:00:00.000Z', code: 'internal', detail });
      if (count % 100 === 0) await new Promise(setImmediate);
    }
    at.tell(event('last'));
    await quick.next(isEvent('last'));
    // More than 40 MB were told. What was taken for the one who does not read filled the system's buffers and one of ours.
    const [taken = 0, all] = at.taken;
    expect(all).toBe(40_001);
    expect(taken).toBeLessThan(30_000);
    slow.ws.resume();
    await slow.next(isEvent('last'));
  });

  it('is closed when the manager ends', async () => {
    const at: WebScene = await webScene();
    const socket = await openSocket(at, await at.page());
    subscribe(socket);
    await socket.next(started);
    await at[Symbol.asyncDispose]();
    expect(await socket.closed).toBe(1001);
  });
});
