import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import {
  answer,
  HttpBackend,
  json,
  type Script,
  type Serve,
  status,
  stream,
} from '../resources/http-backend.ts';
import { playHttp, textOf } from '../resources/http-scene.ts';
import { decisionFor, outcomeOf, records } from '../resources/journal.ts';
import { TempHome } from '../resources/temp-home.ts';

const sessionEvents = (home: TempHome, event: string) =>
  records(home, 'p').filter((record) => record.type === 'session' && record.event === event);

const initialized = (protocolVersion: string, id: unknown): object => ({
  jsonrpc: '2.0',
  id,
  result: { protocolVersion, capabilities: {}, serverInfo: { name: 'x', version: '1' } },
});

describe('a session over Streamable HTTP', () => {
  it(verifies('HTTP-SESSION', 'its id and revision are sent back with everything, and DELETE ends it'), () =>
    playHttp({}, async ({ client, backend }) => {
      await client.initialize('2025-06-18');
      expect(textOf(await client.call('go'))).toBe('ran');
      await client.notify('notifications/roots/list_changed');
      await client.end();
      const [opening, ...rest] = backend.received;
      expect(opening?.message.method).toBe('initialize');
      expect(opening?.headers).toMatchObject({
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      });
      expect(opening?.headers['mcp-session-id']).toBeUndefined();
      expect(rest.map(({ method, message }) => message.method ?? method)).toContain('GET');
      for (const { headers } of rest) {
        expect([headers['mcp-session-id'], headers['mcp-protocol-version']]).toEqual([
          'session-1',
          '2025-06-18',
        ]);
      }
      expect(rest.at(-1)?.method).toBe('DELETE');
      expect(backend.of('GET')[0]?.headers.accept).toBe('text/event-stream');
    }),
  );

  it(
    verifies('HTTP-SESSION', 'a signal ends it as well, and an address keeps what stands behind its path'),
    async () => {
      await using backend = await HttpBackend.start();
      await using home = new TempHome();
      const url = `${backend.url.replace('127.0.0.1', 'localhost')}?key=a%20b&x=%2F`;
      home.addProxy('p', { backend: { transport: 'http', url } });
      await using client = home.start('p');
      await client.initialize();
      expect(textOf(await client.call('go'))).toBe('ran');
      client.child.kill('SIGTERM');
      await client.ended();
      expect(backend.of('DELETE')).toHaveLength(1);
      expect(new Set(backend.received.map(({ path }) => path))).toEqual(new Set(['/mcp?key=a%20b&x=%2F']));
    },
  );

  it(
    verifies(['HTTP-SESSION', 'HTTP-SESSION-EXPIRED'], 'a server without sessions is asked for none'),
    () => {
      const script: Script = {
        initialize: ({ message }, response) => json(response, initialized('2025-11-25', message.id)),
        'tools/call': (_, response) => status(response, 404),
      };
      return playHttp(script, async ({ client, backend }) => {
        await client.initialize();
        expect((await client.call('go')).result.structuredContent.code).toBe('backend_refused');
        await client.end();
        expect(backend.of('initialize')).toHaveLength(1);
        expect(backend.of('tools/call')[0]?.headers['mcp-session-id']).toBeUndefined();
        expect(backend.of('DELETE')).toEqual([]);
      });
    },
  );

  it(verifies('HTTP-ORDER', 'what a hasty client sends at once arrives in the order of the handshake'), () =>
    playHttp({}, async ({ client, backend }) => {
      const hasty = [
        '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"hasty","version":"1"}}}',
        '{"jsonrpc":"2.0","method":"notifications/initialized"}',
        '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"go","arguments":{}}}',
      ];
      await client.sendRaw(`${hasty.join('\n')}\n`);
      expect(textOf(await client.answerTo(2))).toBe('ran');
      const posted = backend.received.filter(({ method }) => method === 'POST');
      expect(posted.map(({ message }) => message.method)).toEqual([
        'initialize',
        'notifications/initialized',
        'tools/call',
      ]);
      expect(posted.map(({ headers }) => headers['mcp-session-id'])).toEqual([
        undefined,
        'session-1',
        'session-1',
      ]);
    }),
  );

  it(verifies('HTTP-ORDER', 'a notification that the server never acknowledges holds nothing up'), () =>
    playHttp({ 'notifications/roots/list_changed': () => undefined }, async ({ client, backend }) => {
      await client.initialize();
      await client.notify('notifications/roots/list_changed');
      expect(textOf(await client.call('go'))).toBe('ran');
      expect(backend.of('notifications/roots/list_changed')).toHaveLength(1);
    }),
  );

  /** Knows only the newest of the sessions it gave. */
  const forgetful = (forgotten: () => boolean, backend: () => HttpBackend): Script => ({
    'tools/call': (received, response) => {
      const isKnown = received.headers['mcp-session-id'] === backend().sessions.at(-1);
      if (forgotten() || !isKnown) status(response, 404);
      else json(response, answer(received, 'ran'));
    },
  });

  it(
    verifies('HTTP-SESSION-EXPIRED', 'an expired one is opened again with the client’s own handshake, once'),
    async () => {
      let expired = '';
      const script: Script = {
        'tools/call': (received, response) => {
          if (received.headers['mcp-session-id'] === expired) status(response, 404, {}, 'Session not found');
          else json(response, answer(received, `ran in ${received.headers['mcp-session-id']}`));
        },
        GET: (_, response) => stream(response),
      };
      await playHttp(script, async ({ home, client, backend }) => {
        await client.initialize();
        expect(textOf(await client.call('go', {}, 'first'))).toBe('ran in session-1');
        expired = 'session-1';
        const answers = await Promise.all(['a', 'b', 'c'].map((id) => client.call('go', { id }, id)));
        expect(answers.map(textOf)).toEqual(['ran in session-2', 'ran in session-2', 'ran in session-2']);
        expect(backend.sessions).toHaveLength(2);
        // The same bytes as before, in the same order, and the client hears nothing of it.
        const [first, second] = backend.of('initialize');
        expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
        expect(second?.headers['mcp-session-id']).toBeUndefined();
        const confirmed = backend.of('notifications/initialized');
        expect(confirmed.map(({ headers }) => headers['mcp-session-id'])).toEqual(['session-1', 'session-2']);
        expect(client.answersTo('initialize')).toHaveLength(1);
        await backend.until('the stream of the new session', () => backend.of('GET').length === 2);
        expect(backend.of('GET').map(({ headers }) => headers['mcp-session-id'])).toEqual([
          'session-1',
          'session-2',
        ]);
        await client.end();
        expect(sessionEvents(home, 'renewed')).toHaveLength(1);
        expect(outcomeOf(home, 'p', decisionFor(home, 'p', '"a"'))).toMatchObject({ status: 'ok' });
        expect(backend.of('DELETE').map(({ headers }) => headers['mcp-session-id'])).toEqual(['session-2']);
      });
    },
  );

  it(
    verifies('HTTP-SESSION-EXPIRED', 'a second 404 is an error of that call, and the next call tries again'),
    async () => {
      let isForgotten = true;
      let backend: HttpBackend | undefined;
      const known = (): HttpBackend => {
        if (backend === undefined) throw new Error('not started');
        return backend;
      };
      await playHttp(
        forgetful(() => isForgotten, known),
        async ({ home, client, backend: started }) => {
          backend = started;
          await client.initialize();
          const refused = await client.call('go', {}, 'refused');
          expect(refused.result ?? refused.error).toMatchObject({
            isError: true,
            structuredContent: { code: 'backend_refused' },
          });
          expect(started.of('tools/call')).toHaveLength(2);
          expect(started.sessions).toHaveLength(2);
          isForgotten = false;
          expect(textOf(await client.call('go', {}, 'next'))).toBe('ran');
          expect(outcomeOf(home, 'p', decisionFor(home, 'p', '"refused"'))?.reason).toBe('backend_refused');
        },
      );
    },
  );

  const failures: Readonly<Record<string, Serve>> = {
    'is refused': (_, response) => status(response, 500),
    'comes to another revision': ({ message }, response) =>
      json(response, initialized('2025-03-26', message.id), { 'mcp-session-id': 'other' }),
  };
  for (const [name, again] of Object.entries(failures)) {
    it(verifies('HTTP-SESSION-EXPIRED', `where the handshake ${name}, the call gets one error`), () => {
      let handshakes = 0;
      const script: Script = {
        initialize: (received, response) => {
          if (++handshakes > 1) return again(received, response);
          return json(response, initialized('2025-11-25', received.message.id), { 'mcp-session-id': 'only' });
        },
        'tools/call': (_, response) => status(response, 404),
      };
      return playHttp(script, async ({ client, home, backend }) => {
        await client.initialize();
        const refused = await client.call('go', {}, 'refused');
        expect(refused.result).toMatchObject({
          isError: true,
          structuredContent: { code: 'backend_unreachable' },
        });
        expect(client.answersTo('refused')).toHaveLength(1);
        expect(backend.of('tools/call')).toHaveLength(1);
        expect(sessionEvents(home, 'renewed')).toEqual([]);
      });
    });
  }
});

describe('what the server sends by itself', () => {
  const asks = { jsonrpc: '2.0', id: 'question', method: 'roots/list' };

  it(verifies('HTTP-SERVER-REQUESTS', 'a question on the call’s own stream is answered by a POST'), () => {
    let finish = (_: unknown): void => undefined;
    const script: Script = {
      'tools/call': (received, response) => {
        const events = stream(response);
        events.event({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 1 } });
        events.event(asks);
        finish = (result) => {
          events.event(answer(received, JSON.stringify(result)));
          events.end();
        };
      },
    };
    return playHttp(script, async ({ client, home, backend }) => {
      await client.initialize();
      await client.sendLine('{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"go"}}');
      await client.until('the question', () => client.messages.find(({ id }) => id === 'question'));
      await client.sendLine('{"jsonrpc":"2.0","id":"question","result":{"roots":[]}}');
      const given = (): unknown =>
        backend.received.find(({ message }) => message.id === 'question')?.message.result;
      await backend.until('the client’s answer', () => given() !== undefined);
      finish(given());
      expect(textOf(await client.answerTo(5))).toBe('{"roots":[]}');
      const order = client.messages.map(({ method, id }) => method ?? id);
      expect(order).toEqual(['initialize', 'notifications/message', 'roots/list', 5]);
      expect(decisionFor(home, 'p', '"question"')).toMatchObject({
        from: 'server',
        disposition: 'forwarded',
      });
    });
  });

  it(
    verifies('HTTP-SERVER-REQUESTS', 'the GET stream brings the rest, and is taken up again when it ends'),
    () => {
      const script: Script = {
        GET: ({ headers }, response) => {
          const events = stream(response);
          if (headers['last-event-id'] === 'seen-1') {
            events.event({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
            return;
          }
          events.raw('retry: 10\n\n');
          events.event(asks, 'seen-1');
          events.end();
        },
      };
      return playHttp(script, async ({ client, backend }) => {
        await client.initialize();
        await client.until('the question', () => client.messages.find(({ id }) => id === 'question'));
        await client.sendLine('{"jsonrpc":"2.0","id":"question","result":{"roots":[]}}');
        await client.until('the notice', () =>
          client.messages.find(({ method }) => method === 'notifications/tools/list_changed'),
        );
        await backend.until('the client’s answer', () =>
          backend.received.some(({ message }) => message.id === 'question'),
        );
        expect(backend.of('GET').map(({ headers }) => headers['last-event-id'])).toEqual([
          undefined,
          'seen-1',
        ]);
      });
    },
  );
});

describe('a stream that breaks off within a call', () => {
  it(verifies('HTTP-RESUMPTION', 'is taken up again behind its last event in the stateful era'), () => {
    let ran = 0;
    const script: Script = {
      'tools/call': (received, response) => {
        ran++;
        const events = stream(response);
        // A server that lets its client poll: an id, how long to wait, and the end (SEP-1699).
        events.raw('id: 7-a\nretry: 10\ndata:\n\n');
        events.event(
          { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 1 } },
          '7-b',
        );
        events.end();
        pending = answer(received, 'resumed');
      },
      GET: ({ headers }, response) => {
        if (headers['last-event-id'] === undefined) return status(response, 405);
        const events = stream(response);
        if (headers['last-event-id'] === '7-b') {
          // It breaks off once more, before it has said anything new.
          events.raw(': nothing yet\n\n');
          if (++polled === 1) return response.destroy();
          events.event(pending, '7-c');
        }
        return events.end();
      },
    };
    let pending: object = {};
    let polled = 0;
    return playHttp(script, async ({ client, backend, home }) => {
      await client.initialize();
      expect(textOf(await client.call('go', {}, 7))).toBe('resumed');
      expect(ran).toBe(1);
      const resumed = backend.of('GET').filter(({ headers }) => headers['last-event-id'] !== undefined);
      expect(resumed.map(({ headers }) => headers['last-event-id'])).toEqual(['7-b', '7-b']);
      for (const { headers } of resumed) expect(headers['mcp-session-id']).toBe('session-1');
      expect(client.messages.filter(({ method }) => method === 'notifications/message')).toHaveLength(1);
      expect(outcomeOf(home, 'p', decisionFor(home, 'p', '7'))).toMatchObject({ status: 'ok' });
    });
  });

  const broken: Script = {
    'tools/call': ({ message }, response) => {
      const events = stream(response);
      events.event(
        { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 1 } },
        message.params._meta === undefined ? undefined : 'an-id',
      );
      events.end();
    },
  };
  const lost = { isError: true, structuredContent: { code: 'backend_connection_lost' } };

  it(verifies('HTTP-RESUMPTION', 'is lost without an event id, and the call is not made again'), () =>
    playHttp(broken, async ({ client, backend, home }) => {
      await client.initialize();
      expect((await client.call('go', {}, 7)).result).toMatchObject(lost);
      expect(backend.of('tools/call')).toHaveLength(1);
      expect(outcomeOf(home, 'p', decisionFor(home, 'p', '7'))?.reason).toBe('backend_connection_lost');
    }),
  );

  it(verifies('HTTP-RESUMPTION', 'is lost in the stateless era, event id or not'), () =>
    playHttp(broken, async ({ client, backend }) => {
      const _meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
      };
      const answered = await client.request('tools/call', { name: 'go', arguments: {}, _meta }, 7);
      expect(answered.result).toMatchObject({ ...lost, resultType: 'complete' });
      expect(backend.of('tools/call')).toHaveLength(1);
      expect(backend.of('GET')).toEqual([]);
    }),
  );
});
