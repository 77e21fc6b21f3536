import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import {
  answer,
  type HttpBackend,
  initializeResult,
  json,
  type Received,
  type Script,
  status,
} from '../resources/http-backend.ts';
import { allTaken, beginCall, callsAt, codeOf, playHttp, textOf } from '../resources/http-scene.ts';
import { decisionFor, eventually, outcomeOf } from '../resources/journal.ts';
import type { LineClient } from '../resources/line-client.ts';
import { olderTransport } from '../resources/older-transport.ts';
import { statelessClient } from '../resources/stateless-client.ts';

const cancel = (client: LineClient, requestId: string): Promise<void> =>
  client.notify('notifications/cancelled', { requestId });
/** A notification that arrives behind everything before it which does not wait for room. */
const mark = 'notifications/roots/list_changed';
const marked = async (client: LineClient, backend: HttpBackend): Promise<void> => {
  const before = backend.of(mark).length;
  await client.notify(mark);
  await backend.until('the mark', () => backend.of(mark).length > before);
};

describe('a call that is cancelled before it was sent is never sent', () => {
  for (const transport of ['sse', 'http'] as const) {
    it(verifies('FLOW-CANCELLATION', `from the queue of a full backend (${transport})`), () => {
      const finish: (() => void)[] = [];
      const isSlow = ({ message }: Received): boolean => message.params.name === 'slow';
      const older = olderTransport({
        'tools/call': (received, { say }) => {
          const answered = (): void => say(received, answer(received, 'ran'));
          if (isSlow(received)) finish.push(answered);
          else answered();
        },
      });
      const streamable: Script = {
        'tools/call': (received, response) => {
          const answered = (): void => json(response, answer(received, 'ran'));
          if (isSlow(received)) finish.push(answered);
          else answered();
        },
      };
      return playHttp(
        transport === 'sse' ? older.script : streamable,
        async ({ client, backend }) => {
          await client.initialize();
          await beginCall(client, 'a', 'slow');
          await beginCall(client, 'b', 'slow');
          await beginCall(client, 'queued', 'delete_everything');
          await backend.until('two calls', () => callsAt(backend).length === 2);
          // Now it is in the queue, and after the second mark it is taken out of it.
          await marked(client, backend);
          await cancel(client, 'queued');
          await marked(client, backend);
          for (const answered of finish) answered();
          expect(textOf(await client.call('go', {}, 'after'))).toBe('ran');
          expect(callsAt(backend)).toEqual(['a', 'b', 'after']);
          // Nor does the server hear of the end of something it never heard of.
          expect(backend.of('notifications/cancelled')).toEqual([]);
          expect(client.answersTo('queued')).toEqual([]);
        },
        { transport, maxConnections: 2 },
      );
    });
  }

  it(verifies('FLOW-CANCELLATION', 'while the stream of HTTP+SSE is being opened again'), () => {
    let open = (): void => undefined;
    const older = olderTransport(
      {
        'tools/call': (received, { say, breakStream }) => {
          if (received.message.id === 'broken') breakStream();
          else say(received, answer(received, 'ran'));
        },
      },
      (nth, begin) => {
        if (nth === 1) begin();
        else open = begin;
      },
    );
    return playHttp(
      older.script,
      async ({ client, backend }) => {
        await client.initialize();
        expect(codeOf(await client.call('go', {}, 'broken'))).toBe('backend_connection_lost');
        await beginCall(client, 'waiting', 'delete_everything');
        await backend.until('the second stream', () => backend.of('GET').length === 2);
        await cancel(client, 'waiting');
        await allTaken(client);
        open();
        expect(textOf(await client.call('go', {}, 'after'))).toBe('ran');
        expect(callsAt(backend)).toEqual(['broken', 'after']);
        expect(backend.of('notifications/cancelled')).toEqual([]);
        expect(client.answersTo('waiting')).toEqual([]);
      },
      { transport: 'sse' },
    );
  });

  it(
    verifies(['FLOW-CANCELLATION', 'HTTP-SESSION-EXPIRED'], 'again while its session is being renewed'),
    () => {
      let session = '';
      let handshakes = 0;
      let open = (): void => undefined;
      const script: Script = {
        initialize: (received, response) => {
          const name = `session-${++handshakes}`;
          open = () => {
            session = name;
            json(response, initializeResult(received), { 'mcp-session-id': name });
          };
          if (handshakes === 1) open();
        },
        'tools/call': (received, response) => {
          if (received.headers['mcp-session-id'] === session) json(response, answer(received, 'ran'));
          else status(response, 404);
        },
      };
      return playHttp(script, async ({ client, backend }) => {
        await client.initialize();
        session = 'expired';
        await beginCall(client, 'refused', 'delete_everything');
        await backend.until('the second handshake', () => backend.of('initialize').length === 2);
        await cancel(client, 'refused');
        await allTaken(client);
        open();
        expect(textOf(await client.call('go', {}, 'after'))).toBe('ran');
        // Once, in the session that had expired, which did not run it.
        const calls = backend
          .of('tools/call')
          .map(({ message, headers }) => [message.id, headers['mcp-session-id']]);
        expect(calls).toEqual([
          ['refused', 'session-1'],
          ['after', 'session-2'],
        ]);
        expect(backend.of('notifications/cancelled')).toEqual([]);
        expect(client.answersTo('refused')).toEqual([]);
      });
    },
  );

  it(
    verifies(['HTTP-STATELESS-CANCEL', 'HTTP-DERIVED-HEADERS'], 'again while its headers are looked up'),
    () => {
      let list = (): void => undefined;
      const properties = { region: { type: 'string', 'x-mcp-header': 'Region' } };
      const tools = [{ name: 'sql', inputSchema: { type: 'object', properties } }];
      const script: Script = {
        'tools/list': ({ message }, response) => {
          const result = { resultType: 'complete', ttlMs: 0, cacheScope: 'private', tools };
          list = () => json(response, { jsonrpc: '2.0', id: message.id, result });
        },
        'tools/call': (received, response) => {
          if (received.message.params.name === 'go') return json(response, answer(received, 'ran'));
          const error = { code: -32020, message: 'Mcp-Param-Region is missing' };
          response.writeHead(400, { 'content-type': 'application/json' });
          return response.end(JSON.stringify({ jsonrpc: '2.0', id: received.message.id, error }));
        },
      };
      return playHttp(script, async ({ client, backend }) => {
        const stateless = statelessClient(client, {});
        await stateless.send('found wanting', 'tools/call', { name: 'sql', arguments: { region: 'x' } });
        await backend.until('the list', () => backend.of('tools/list').length === 1);
        await cancel(client, 'found wanting');
        await allTaken(client);
        list();
        expect(textOf(await stateless.request('tools/call', { name: 'go', arguments: {} }, 'after'))).toBe(
          'ran',
        );
        expect(callsAt(backend)).toEqual(['found wanting', 'after']);
        expect(client.answersTo('found wanting')).toEqual([]);
      });
    },
  );
});

for (const transport of ['sse', 'http'] as const) {
  it.concurrent(
    verifies(
      ['FLOW-CANCELLATION', 'HTTP-POOL'],
      `what was cancelled and is never answered makes room (${transport})`,
    ),
    () => {
      const isSlow = ({ message }: Received): boolean => message.params.name === 'slow';
      const older = olderTransport({
        'tools/call': (received, { say }) => {
          if (!isSlow(received)) say(received, answer(received, 'ran'));
        },
      });
      const streamable: Script = {
        'tools/call': (received, response) => {
          if (!isSlow(received)) json(response, answer(received, 'ran'));
        },
      };
      return playHttp(
        transport === 'sse' ? older.script : streamable,
        async ({ home, client, backend }) => {
          await client.initialize();
          await beginCall(client, 'a', 'slow');
          await beginCall(client, 'b', 'slow');
          await backend.until('two calls', () => callsAt(backend).length === 2);
          await cancel(client, 'a');
          await cancel(client, 'b');
          // It waits for room until the server has had its time to answer all the same.
          expect(textOf(await client.call('go', {}, 'c'))).toBe('ran');
          const told = backend.of('notifications/cancelled').map(({ message }) => message.params.requestId);
          expect(told).toEqual(['a', 'b']);
          const isRecorded = (id: string): boolean =>
            outcomeOf(home, 'p', decisionFor(home, 'p', id))?.status === 'cancelled';
          await eventually('both outcomes', () => isRecorded('"a"') && isRecorded('"b"'));
          // The id of one of them means a new call.
          expect(textOf(await client.call('go', {}, 'a'))).toBe('ran');
          expect(callsAt(backend)).toEqual(['a', 'b', 'c', 'a']);
        },
        { transport, maxConnections: 2 },
      );
    },
  );
}
