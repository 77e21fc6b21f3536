import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { answer, type Script, type Serve, status, stream } from '../resources/http-backend.ts';
import { codeOf, playHttp, textOf } from '../resources/http-scene.ts';
import { decisionFor, outcomeOf, records } from '../resources/journal.ts';
import type { TempHome } from '../resources/temp-home.ts';

const _states = (home: TempHome) =>
  records(home, 'p').flatMap((record) =>
    record.type === 'session' && record.event === 'backend' ? [record] : [],
  );
const _reasonOf = (home: TempHome, id: string): unknown =>
  outcomeOf(home, 'p', decisionFor(home, 'p', id))?.reason;

describe('a server that only speaks HTTP+SSE', () => {
  /** The older transport: a GET that stays open and names where to post; answers come on it. */
  const older = (refusal: number) => {
    let events: ReturnType<typeof stream> | undefined;
    let breakStream = (): unknown => undefined;
    const posts: string[] = [];
    const post: Serve = (received, response) => {
      if (received.path === '/mcp') return status(response, refusal, {}, 'not here');
      posts.push(received.path);
      status(response, 202, {}, 'Accepted');
      if (received.message.method === 'initialize') {
        const { protocolVersion } = received.message.params;
        const result = { protocolVersion, capabilities: {}, serverInfo: { name: 'older', version: '1' } };
        events?.event({ jsonrpc: '2.0', id: received.message.id, result });
      } else if (received.message.id !== undefined) events?.event(answer(received, 'from the stream'));
      return undefined;
    };
    const GET: Serve = (_, response) => {
      events = stream(response);
      breakStream = () => response.destroy();
      events.raw('event: endpoint\ndata: /messages?sessionId=1\n\n');
    };
    const script = { initialize: post, 'notifications/initialized': post, 'tools/call': post, GET };
    return { script, posts, breakStream: () => breakStream() };
  };

  for (const refusal of [400, 404, 405]) {
    it(verifies('HTTP-OLDER-TRANSPORT', `is found out by ${refusal}`), () => {
      const { script, posts } = older(refusal);
      return playHttp(script, async ({ client, backend }) => {
        expect((await client.initialize('2024-11-05')).result.serverInfo.name).toBe('older');
        expect(textOf(await client.call('go'))).toBe('from the stream');
        expect(backend.of('initialize').map(({ path }) => path)).toEqual(['/mcp', '/messages?sessionId=1']);
        expect(posts).toHaveLength(3);
      });
    });
  }

  it(verifies('HTTP-OLDER-TRANSPORT', 'is not looked for where another status says no'), () =>
    playHttp(older(401).script, async ({ client, backend }) => {
      const refused = await client.initialize();
      expect(refused.error).toMatchObject({ data: { code: 'backend_refused' } });
      expect(backend.of('initialize')).toHaveLength(1);
    }),
  );

  it(
    verifies(
      'HTTP-OLDER-TRANSPORT',
      'is spoken to at once where configured, and never posts to another origin',
    ),
    async () => {
      const script: Script = {
        GET: (_, response) => stream(response).raw('event: endpoint\ndata: http://127.0.0.2:9/steal\n\n'),
      };
      await playHttp(
        script,
        async ({ client, backend }) => {
          const refused = await client.request('initialize', { protocolVersion: '2024-11-05' }, 'init');
          expect(refused.error).toMatchObject({ data: { code: 'backend_refused' } });
          expect(backend.of('initialize')).toEqual([]);
        },
        { transport: 'sse' },
      );
    },
  );

  it(
    verifies(
      ['HTTP-OLDER-TRANSPORT', 'HTTP-NEVER-TWICE'],
      'loses what waits when its stream breaks, and opens it again',
    ),
    () => {
      const { script, breakStream } = older(405);
      const breaking: Script = {
        ...script,
        'tools/call': (received, response) => {
          if (received.message.params.name !== 'break') return script['tools/call'](received, response);
          status(response, 202);
          return breakStream();
        },
      };
      return playHttp(
        breaking,
        async ({ home, client, backend }) => {
          await client.initialize('2024-11-05');
          expect(codeOf(await client.call('break', {}, 'lost'))).toBe('backend_connection_lost');
          expect(textOf(await client.call('go'))).toBe('from the stream');
          const lost = backend.of('tools/call').filter(({ message }) => message.params.name === 'break');
          expect(lost).toHaveLength(1);
          expect(backend.of('GET')).toHaveLength(2);
          expect(client.answersTo('initialize')).toHaveLength(1);
          await client.end();
          const renewed = records(home, 'p').filter(
            (record) => record.type === 'session' && record.event === 'renewed',
          );
          expect(renewed).toHaveLength(1);
        },
        { transport: 'sse' },
      );
    },
  );
});
