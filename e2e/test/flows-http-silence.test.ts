import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { answer, type Script, stream } from '../resources/http-backend.ts';
import { codeOf, playHttp, textOf } from '../resources/http-scene.ts';
import { decisionFor, outcomeOf, records } from '../resources/journal.ts';
import type { WireMessage } from '../resources/line-client.ts';
import { peakMemory } from '../resources/process-table.ts';
import { TempHome } from '../resources/temp-home.ts';

const _states = (home: TempHome) =>
  records(home, 'p').flatMap((record) =>
    record.type === 'session' && record.event === 'backend' ? [record] : [],
  );
const reasonOf = (home: TempHome, id: string): unknown =>
  outcomeOf(home, 'p', decisionFor(home, 'p', id))?.reason;

describe('silence', () => {
  const silent: Script = {
    'tools/call': ({ message }, response) => {
      const { name } = message.params;
      if (name === 'never') return undefined;
      if (name === 'head') return stream(response);
      const events = stream(response);
      // Each sign of life is well within the limit, all together are not.
      let left = 8;
      const timer = setInterval(() => {
        if (left-- > 0) return events.raw(': alive\n\n');
        clearInterval(timer);
        if (name === 'falls silent') return undefined;
        events.event(answer({ message } as Parameters<typeof answer>[0], 'at last'));
        return events.end();
      }, 150);
      return undefined;
    },
  };
  const settings = { firstByteMs: 1_000, idleMs: 1_000 };

  it(
    verifies('HTTP-TIMEOUTS', 'before the reply and within it has its limit, signs of life do not add up'),
    () =>
      playHttp(
        silent,
        async ({ home, client, backend }) => {
          await client.initialize();
          const names = ['never', 'head', 'falls silent', 'lives'];
          const given = await Promise.all(names.map((name) => client.call(name, {}, name)));
          expect(given.map(codeOf)).toEqual([
            'backend_timeout',
            'backend_timeout',
            'backend_timeout',
            undefined,
          ]);
          expect(textOf(given[3] as WireMessage)).toBe('at last');
          expect(reasonOf(home, '"never"')).toBe('backend_timeout');
          const letGo = (): boolean => backend.of('tools/call').filter((call) => call.isLetGo()).length === 3;
          await backend.until('that those calls are let go', letGo);
        },
        settings,
      ),
  );

  it(verifies('HTTP-TIMEOUTS', 'of a listener, and of the GET stream, has none'), () => {
    const script: Script = {
      ...silent,
      'subscriptions/listen': (_, response) => stream(response),
      GET: (_, response) => stream(response),
    };
    return playHttp(
      script,
      async ({ client, backend }) => {
        await client.initialize();
        await backend.until('the GET stream', () => backend.of('GET').length === 1);
        await client.sendLine(
          '{"jsonrpc":"2.0","id":"listen","method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true}}}',
        );
        // Longer than both limits together.
        expect(codeOf(await client.call('never'))).toBe('backend_timeout');
        expect(codeOf(await client.call('head'))).toBe('backend_timeout');
        expect(client.answersTo('listen')).toEqual([]);
        expect(backend.of('GET').map((get) => get.isLetGo())).toEqual([false]);
        expect(backend.of('subscriptions/listen').map((listen) => listen.isLetGo())).toEqual([false]);
        client.child.kill('SIGTERM');
        await client.ended();
      },
      settings,
    );
  });

  it(verifies('HTTP-TIMEOUTS', 'of an address that does not answer at all has its own'), async () => {
    await using home = new TempHome();
    // TEST-NET-1 (RFC 5737): nothing is there; a machine without any network says so at once.
    home.addProxy('p', {
      backend: { transport: 'http', url: 'http://192.0.2.1:9/mcp', connectMs: 200, connectRetries: 1 },
    });
    await using client = home.start('p');
    const refused = await client.request('tools/list', {}, 'list');
    expect(refused.error).toMatchObject({ data: { code: 'backend_unreachable' } });
  });
});

describe('a client that does not read', () => {
  it(
    verifies(['CLIENT-STALLED', 'HTTP-REPLIES'], 'slows down the stream it is sent, at little memory'),
    () => {
      const event = `data: ${JSON.stringify({
        jsonrpc: '2.0',
        method: 'notifications/message',
        params: { level: 'info', data: 'x'.repeat(60_000) },
      })}\n\n`;
      const count = 2_000;
      let isOver = false;
      let written = 0;
      const script: Script = {
        'tools/call': (received, response) => {
          const events = stream(response);
          const more = (): void => {
            while (written++ < count) if (!response.write(event)) return void response.once('drain', more);
            isOver = true;
            events.event(answer(received, 'done'));
            events.end();
          };
          more();
        },
      };
      return playHttp(script, async ({ client }) => {
        await client.initialize();
        const beforeBytes = peakMemory(client.pid);
        client.child.stdout.pause();
        await client.sendLine('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"go"}}');
        // What goes on at all goes on for as long as nothing has stopped it.
        for (let last = -1; last !== written || written === 0; ) {
          last = written;
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
        expect(isOver).toBe(false);
        client.child.stdout.resume();
        expect(textOf(await client.answerTo(1))).toBe('done');
        expect(client.messages.filter(({ method }) => method === 'notifications/message')).toHaveLength(
          count,
        );
        expect(peakMemory(client.pid) - beforeBytes).toBeLessThan(96 * 1024 * 1024);
      });
    },
  );
});
