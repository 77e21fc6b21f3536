import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { initializeResult, json, type Script, status, stream } from '../resources/http-backend.ts';
import { playHttp } from '../resources/http-scene.ts';

// A server that is started again while its client is idle: it knows no session, and has something to say in the next.
it(
  verifies(
    ['HTTP-SESSION-EXPIRED', 'HTTP-SERVER-REQUESTS'],
    'whose end the GET stream finds is opened again, idle client or not',
  ),
  () => {
    let handshakes = 0;
    let end = (): void => undefined;
    const script: Script = {
      initialize: (received, response) =>
        json(response, initializeResult(received), { 'mcp-session-id': `session-${++handshakes}` }),
      GET: ({ headers }, response) => {
        if (headers['mcp-session-id'] === 'session-1' && isForgotten) return status(response, 404);
        const events = stream(response);
        if (handshakes === 1) end = events.end;
        else events.event({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
      },
    };
    let isForgotten = false;
    return playHttp(script, async ({ client, backend }) => {
      await client.initialize();
      await backend.until('the first stream', () => backend.of('GET').length === 1);
      isForgotten = true;
      end();
      await client.until('what the server says in the next session', () =>
        client.messages.find(({ method }) => method === 'notifications/tools/list_changed'),
      );
      expect(backend.of('initialize')).toHaveLength(2);
    });
  },
);
