import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { answer, json, type Received, type Script, status, stream } from '../resources/http-backend.ts';
import { beginCall, callsAt, codeOf, playHttp, textOf } from '../resources/http-scene.ts';
import { statelessClient } from '../resources/stateless-client.ts';

describe('headers that are said to be wrong by an answer which', () => {
  const mismatch = ({ message }: Received): object => ({
    jsonrpc: '2.0',
    id: message.id,
    error: { code: -32020, message: 'a server behind it found headers wanting' },
  });
  const properties = { region: { type: 'string', 'x-mcp-header': 'Region' } };
  const tools = [{ name: 'sql', inputSchema: { type: 'object', properties } }];
  const replies: Readonly<Record<string, Script[string]>> = {
    'comes as success in one body': (received, response) => json(response, mismatch(received)),
    'comes on a stream behind progress': (received, response) => {
      const events = stream(response);
      const params = { progressToken: 'token', progress: 1, message: 'one file deleted' };
      events.event({ jsonrpc: '2.0', method: 'notifications/progress', params });
      events.event(mismatch(received));
      events.end();
    },
  };
  for (const [name, reply] of Object.entries(replies)) {
    it(verifies(['HTTP-NEVER-TWICE', 'HTTP-DERIVED-HEADERS'], `${name} run nothing twice`), () => {
      const script: Script = {
        'tools/call': reply as Script[string],
        'tools/list': ({ message }, response) => {
          const result = { resultType: 'complete', ttlMs: 0, cacheScope: 'private', tools };
          json(response, { jsonrpc: '2.0', id: message.id, result });
        },
      } as Script;
      return playHttp(script, async ({ client, backend }) => {
        const stateless = statelessClient(client, {});
        const params = { name: 'sql', arguments: { region: 'x' } };
        const given = await stateless.request('tools/call', params, 'once');
        expect(given.error?.code).toBe(-32020);
        // Nothing is under way in its name when another request has been answered.
        await stateless.request('tools/list', {}, 'list');
        expect(callsAt(backend)).toEqual(['once']);
        expect(backend.of('tools/list').map(({ message }) => message.id)).toEqual(['list']);
      });
    });
  }
});

describe('a redirect', () => {
  it(verifies('HTTP-REDIRECTS', 'for now is for one message, a permanent one for all that follow'), () => {
    const redirects = [{ code: 307, location: '/maintenance' }, undefined, { code: 308, location: '/moved' }];
    const script: Script = {
      'tools/call': (received, response) => {
        if (received.path === '/maintenance') return status(response, 503);
        const redirect = received.path === '/mcp' ? redirects.shift() : undefined;
        if (redirect === undefined) return json(response, answer(received, 'ran'));
        return status(response, redirect.code, { location: redirect.location });
      },
    };
    return playHttp(script, async ({ client, backend }) => {
      await client.initialize();
      expect(codeOf(await client.call('go', {}, 'redirected'))).toBe('backend_failed');
      for (const id of ['well', 'moved', 'after'])
        expect(textOf(await client.call('go', {}, id))).toBe('ran');
      expect(backend.of('tools/call').map(({ message, path }) => [message.id, path])).toEqual([
        ['redirected', '/mcp'],
        ['redirected', '/maintenance'],
        ['well', '/mcp'],
        ['moved', '/mcp'],
        ['moved', '/moved'],
        ['after', '/moved'],
      ]);
    });
  });

  for (const code of [307, 308]) {
    it(
      verifies('HTTP-REDIRECTS', `${code} is relative to where its own message went, for two at once`),
      () => {
        const held: (() => void)[] = [];
        const script: Script = {
          'tools/call': (received, response) => {
            if (received.path === '/v2/mcp') return json(response, answer(received, 'ran'));
            if (received.path !== '/mcp') return status(response, 404);
            held.push(() => status(response, code, { location: 'v2/mcp' }));
            if (held.length === 2) for (const redirect of held) redirect();
          },
        };
        return playHttp(script, async ({ client, backend }) => {
          await client.initialize();
          const given = await Promise.all([client.call('go', {}, 'a'), client.call('go', {}, 'b')]);
          expect(given.map(textOf)).toEqual(['ran', 'ran']);
          expect(backend.of('tools/call').map(({ path }) => path)).toEqual([
            '/mcp',
            '/mcp',
            '/v2/mcp',
            '/v2/mcp',
          ]);
        });
      },
    );
  }
});

describe('a connection that goes without a reply', () => {
  const goings: Readonly<Record<string, string>> = {
    'by 101': 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    'after a hint': 'HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n',
  };
  for (const [name, head] of Object.entries(goings)) {
    it(
      verifies(['HTTP-ERROR-STATUS', 'BACKEND-SILENT'], `${name} ends its call, not only its patience`),
      () => {
        const script: Script = {
          'tools/call': (_, response) => {
            response.socket?.end(head);
          },
        };
        return playHttp(
          script,
          async ({ client, backend }) => {
            await client.initialize();
            expect(codeOf(await client.call('go', {}, 'gone'))).toBe('backend_connection_lost');
            expect(callsAt(backend)).toEqual(['gone']);
            expect((await client.request('ping', {}, 'after')).result).toBeDefined();
          },
          { firstByteMs: 0, idleMs: 0 },
        );
      },
    );
  }
});

it(
  verifies('HTTP-ERROR-STATUS', 'a status that is none to end with leaves open whether the call ran'),
  () => {
    const script: Script = {
      'tools/call': (_, response) => {
        response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nconnection: close\r\n\r\n');
      },
    };
    return playHttp(script, async ({ client, backend }) => {
      await client.initialize();
      expect(codeOf(await client.call('go', {}, 'open'))).toBe('backend_unreadable');
      expect(callsAt(backend)).toEqual(['open']);
    });
  },
);

for (const refusal of [400, 404, 405]) {
  it.concurrent(
    verifies(
      ['HTTP-OLDER-TRANSPORT', 'HTTP-ERROR-STATUS'],
      `a handshake refused by ${refusal} is answered, although a stream opens that names no endpoint`,
    ),
    () => {
      const script: Script = {
        initialize: (_, response) => status(response, refusal),
        GET: (_, response) => void stream(response),
      };
      return playHttp(
        script,
        async ({ client, backend }) => {
          const refusing = client.initialize();
          await beginCall(client, 'behind');
          const refused = await refusing;
          expect(codeOf(refused)).toBe('backend_refused');
          expect(JSON.stringify(refused)).toContain(`HTTP ${refusal}`);
          expect(client.answersTo('initialize')).toHaveLength(1);
          // What waited behind it is not stuck there.
          expect(textOf(await client.answerTo('behind'))).toBe('ran');
          expect(backend.of('initialize')).toHaveLength(1);
        },
        { firstByteMs: 0, idleMs: 0 },
      );
    },
  );
}
