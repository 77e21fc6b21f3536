import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { answer, type Script, type Serve, status, stream } from '../resources/http-backend.ts';
import { allTaken, beginCall, callsAt, codeOf, playHttp, textOf } from '../resources/http-scene.ts';
import { records } from '../resources/journal.ts';

/** Beside the connections of calls: for what is sent aside, streams the server fills, and one opened ahead. */
const besideCalls = 12;
const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, nth) => `${nth}`);

describe('connections are bounded, however a server treats', () => {
  const maxConnections = 4;
  const most = maxConnections + besideCalls;

  it(verifies('HTTP-POOL', 'notifications: it never takes them'), () =>
    playHttp(
      { 'notifications/roots/list_changed': () => undefined },
      async ({ client, backend }) => {
        await client.initialize();
        for (const _ of ids(200)) await client.notify('notifications/roots/list_changed');
        await backend.until('some of them', () => backend.of('notifications/roots/list_changed').length >= 8);
        await allTaken(client);
        expect(backend.mostConnections).toBeLessThanOrEqual(most);
      },
      { maxConnections },
    ),
  );

  it(verifies('HTTP-POOL', 'answers to what it asked: it never takes them'), () => {
    let ask = (_: unknown): void => undefined;
    const script: Script = {
      GET: (_, response) => {
        ask = stream(response).event;
      },
      ANSWER: () => undefined,
    };
    return playHttp(
      script,
      async ({ client, backend }) => {
        await client.initialize();
        await backend.until('the server’s stream', () => backend.of('GET').length === 1);
        for (const id of ids(200)) ask({ jsonrpc: '2.0', id: `ping ${id}`, method: 'ping' });
        const pings = (): readonly unknown[] => client.messages.filter(({ method }) => method === 'ping');
        await client.until('the pings', () => (pings().length === 200 ? true : undefined));
        for (const id of ids(200)) await client.sendLine(`{"jsonrpc":"2.0","id":"ping ${id}","result":{}}`);
        for (const id of ids(5)) expect(textOf(await client.call('go', {}, id))).toBe('ran');
        expect(backend.mostConnections).toBeLessThanOrEqual(most);
      },
      { maxConnections },
    );
  });

  it(verifies('HTTP-POOL', 'streams that are answered: it never closes them'), () => {
    const script: Script = {
      'tools/call': (received, response) => stream(response).event(answer(received, 'ran')),
    };
    return playHttp(
      script,
      async ({ client, backend }) => {
        await client.initialize();
        const lanes = ids(8).map(async (lane) => {
          for (const id of ids(20)) expect(textOf(await client.call('go', {}, `${lane} ${id}`))).toBe('ran');
        });
        await Promise.all(lanes);
        expect(callsAt(backend)).toHaveLength(160);
        expect(backend.mostConnections).toBeLessThanOrEqual(most);
      },
      { maxConnections },
    );
  });

  it(verifies('HTTP-POOL', 'a hundred calls at once: it breaks them all, and nothing warns of a leak'), () =>
    playHttp({ 'tools/call': () => undefined }, async ({ client, backend }) => {
      await client.initialize();
      for (const id of ids(100)) await beginCall(client, id);
      await backend.until('the calls', () => callsAt(backend).length === 100);
      backend.breakConnections();
      for (const id of ids(100)) expect(codeOf(await client.answerTo(id))).toBe('backend_connection_lost');
      expect((await client.request('ping', {}, 'after')).result).toBeDefined();
      await client.end();
      expect(callsAt(backend)).toHaveLength(100);
      expect(client.stderr).toBe('');
    }),
  );
});

describe.concurrent('what a server never acknowledges holds nothing up', () => {
  // More than have connections of their own.
  const count = 12;
  const ignored = 'notifications/roots/list_changed';

  it(verifies('HTTP-ORDER', 'no call waits for notifications'), () =>
    playHttp({ [ignored]: () => undefined }, async ({ client, backend }) => {
      await client.initialize();
      for (const _ of ids(count)) await client.notify(ignored);
      expect(textOf(await client.call('go', {}, 'behind'))).toBe('ran');
      // Which are not lost: those that found no connection get one, in their order.
      await backend.until('all of them', () => backend.of(ignored).length === count);
    }),
  );

  it(verifies(['HTTP-ORDER', 'HTTP-SERVER-REQUESTS'], 'no answer that a call waits for does either'), () => {
    let finish = (): void => undefined;
    const script: Script = {
      [ignored]: () => undefined,
      'tools/call': (received, response) => {
        const events = stream(response);
        events.event({ jsonrpc: '2.0', id: 'question', method: 'roots/list' });
        finish = () => events.event(answer(received, 'answered'));
      },
      ANSWER: (_, response) => {
        status(response, 202);
        finish();
      },
    };
    return playHttp(script, async ({ client }) => {
      await client.initialize();
      for (const _ of ids(count)) await client.notify(ignored);
      await beginCall(client, 'asks');
      await client.until('the question', () => client.messages.find(({ id }) => id === 'question'));
      await client.sendLine('{"jsonrpc":"2.0","id":"question","result":{"roots":[]}}');
      expect(textOf(await client.answerTo('asks'))).toBe('answered');
    });
  });
});

describe.concurrent('silence is bounded, whatever excuses it', () => {
  const settings = { firstByteMs: 1_000, idleMs: 1_000 };

  for (const isClosed of [true, false]) {
    it(
      verifies(
        ['HTTP-TIMEOUTS', 'BACKEND-SILENT'],
        `a question of an answered call that nobody answered excuses no other (stream ${isClosed ? 'closed' : 'left open'})`,
      ),
      () => {
        const script: Script = {
          'tools/call': (received, response) => {
            if (received.message.params.name === 'silent') return;
            const events = stream(response);
            events.event({ jsonrpc: '2.0', id: 'nobody answers', method: 'ping' });
            events.event(answer(received, 'ran'));
            if (isClosed) events.end();
          },
        };
        return playHttp(
          script,
          async ({ client }) => {
            await client.initialize();
            expect(textOf(await client.call('asks', {}, 'asks'))).toBe('ran');
            expect(client.messages.some(({ id }) => id === 'nobody answers')).toBe(true);
            expect(codeOf(await client.call('silent', {}, 'silent'))).toBe('backend_timeout');
          },
          settings,
        );
      },
    );
  }

  const resumptions: Readonly<Record<string, (response: ServerResponse) => void>> = {
    'is closed each time': (response) => {
      const events = stream(response);
      events.raw('retry: 0\n\n');
      events.end();
    },
    'brings an id each time, and nothing else': (response) => {
      const events = stream(response);
      events.raw('retry: 0\nid: next\ndata:\n\n');
      events.end();
    },
    'breaks each time': (response) => void response.destroy(),
    'stays open': (response) => void stream(response),
  };
  for (const [name, resume] of Object.entries(resumptions)) {
    it(
      verifies(['HTTP-TIMEOUTS', 'HTTP-RESUMPTION'], `a stream that is taken up again and ${name} is over`),
      () => {
        const script: Script = {
          'tools/call': (_, response) => {
            const events = stream(response);
            events.raw('retry: 0\nid: first\ndata:\n\n');
            events.end();
          },
          GET: ({ headers }, response) => {
            if (headers['last-event-id'] === undefined) status(response, 405);
            else resume(response);
          },
        };
        return playHttp(
          script,
          async ({ client, backend }) => {
            await client.initialize();
            expect(codeOf(await client.call('go', {}, 'resumed'))).toBe('backend_timeout');
            expect(callsAt(backend)).toEqual(['resumed']);
            const resumed = backend.of('GET').filter(({ headers }) => headers['last-event-id'] !== undefined);
            expect(resumed.length).toBeGreaterThan(0);
          },
          settings,
        );
      },
    );
  }
});

it(
  verifies(
    ['HTTP-BACKEND-STATE', 'HTTP-SERVER-REQUESTS'],
    'a stream that breaks again and again fills no journal',
  ),
  () => {
    const breaks: Serve = (_, response) => {
      const events = stream(response);
      events.raw('retry: 1\n\n');
      // A message makes up for what failed before, so the next attempt comes soon.
      events.event({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
      setImmediate(() => response.destroy());
    };
    return playHttp({ GET: breaks }, async ({ home, client, backend }) => {
      await client.initialize();
      await backend.until('twenty streams', () => backend.of('GET').length >= 20);
      expect(textOf(await client.call('go', {}, 'after'))).toBe('ran');
      await client.end();
      const states = records(home, 'p').flatMap((record) =>
        record.type === 'session' && record.event === 'backend' ? [record.state] : [],
      );
      expect(states.length).toBeLessThanOrEqual(6);
    });
  },
);
