import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import {
  answer,
  HttpBackend,
  json,
  type Script,
  type Serve,
  status,
  stream,
} from '../resources/http-backend.ts';
import { decisionFor, eventually, outcomeOf, records } from '../resources/journal.ts';
import type { LineClient, WireMessage } from '../resources/line-client.ts';
import { peakMemory } from '../resources/process-table.ts';
import { type HttpBackendSettings, TempHome } from '../resources/temp-home.ts';

interface Play {
  readonly home: TempHome;
  readonly client: LineClient;
  readonly backend: HttpBackend;
}

async function play(
  script: Script,
  scenes: (play: Play) => Promise<void>,
  settings: Partial<HttpBackendSettings> = {},
): Promise<void> {
  await using backend = await HttpBackend.start(script);
  await using home = new TempHome();
  home.addProxy('p', { backend: { transport: 'http', url: backend.url, ...settings } });
  await using client = home.start('p');
  await scenes({ home, client, backend });
}

const textOf = ({ result }: WireMessage): unknown => result?.content?.[0]?.text;
const codeOf = ({ result, error }: WireMessage): unknown =>
  result?.structuredContent?.code ?? error?.data?.code;
const states = (home: TempHome) =>
  records(home, 'p').flatMap((record) =>
    record.type === 'session' && record.event === 'backend' ? [record] : [],
  );
const reasonOf = (home: TempHome, id: string): unknown =>
  outcomeOf(home, 'p', decisionFor(home, 'p', id))?.reason;

describe('a backend that is not there', () => {
  it(verifies(['HTTP-CONNECT-RETRIED', 'HTTP-BACKEND-STATE'], 'at first, but comes, is waited for'), () =>
    play(
      {},
      async ({ home, client, backend }) => {
        // It is gone before the proxy can know it, and comes back once the proxy has found that out.
        await backend.stop();
        await client.sendLine(
          '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"a","version":"1"}}}',
        );
        await eventually('a failed attempt', () => states(home).some(({ error }) => error !== undefined));
        await backend.listen();
        expect((await client.answerTo(1)).result.serverInfo.name).toBe('http-backend');
        expect(backend.of('initialize')).toHaveLength(1);
        await eventually('the state', () => states(home).at(-1)?.state === 'connected');
      },
      { connectRetries: 30 },
    ),
  );

  it(
    verifies(['HTTP-CONNECT-RETRIED', 'HTTP-BACKEND-STATE'], 'and does not come, is told after the attempts'),
    () =>
      play(
        {},
        async ({ home, client, backend }) => {
          await backend.stop();
          const refused = await client.request('tools/list', {}, 'list');
          expect(refused.error).toMatchObject({ code: -32064, data: { code: 'backend_unreachable' } });
          expect(reasonOf(home, '"list"')).toBe('backend_unreachable');
          const failed = await eventually('the state', () =>
            states(home).findLast(({ state }) => state === 'failed'),
          );
          expect(failed.error).toContain('ECONNREFUSED');
          // It is not given up for ever: the next call finds it.
          await backend.listen();
          expect((await client.initialize()).result).toBeDefined();
          expect(textOf(await client.call('go'))).toBe('ran');
          await eventually('the state', () => states(home).at(-1)?.state === 'connected');
        },
        { connectRetries: 1 },
      ),
  );
});

describe('a call that may have run', () => {
  const dies: Script = {
    'tools/call': ({ message }, response) => {
      if (message.params.name === 'before') response.destroy();
      else {
        stream(response).raw(': working\n\n');
        setImmediate(() => response.destroy());
      }
    },
  };

  for (const when of ['before', 'during'] as const) {
    it(verifies('HTTP-NEVER-TWICE', `is never sent again: the connection broke ${when} its reply`), () =>
      play(dies, async ({ home, client, backend }) => {
        await client.initialize();
        // On a connection that has been used before, too, which is where clients like to try again.
        await client.request('ping');
        const lost = await client.call(when, {}, 'lost');
        expect(codeOf(lost)).toBe('backend_connection_lost');
        expect(JSON.stringify(lost)).toContain('may have run');
        expect(backend.of('tools/call')).toHaveLength(1);
        expect(reasonOf(home, '"lost"')).toBe('backend_connection_lost');
        expect((await client.request('ping')).result).toBeDefined();
        expect(backend.of('tools/call')).toHaveLength(1);
      }),
    );
  }

  it(
    verifies(['HTTP-NEVER-TWICE', 'HTTP-BACKEND-STATE'], 'dies with its server, and the proxy outlives both'),
    () =>
      play(
        { 'tools/call': () => undefined },
        async ({ home, client, backend }) => {
          await client.initialize();
          const ids = ['a', 'b', 'c'];
          for (const id of ids) {
            await client.sendLine(
              `{"jsonrpc":"2.0","id":"${id}","method":"tools/call","params":{"name":"go"}}`,
            );
          }
          await backend.until('the calls', () => backend.of('tools/call').length === 3);
          await backend.stop();
          for (const id of ids) expect(codeOf(await client.answerTo(id))).toBe('backend_connection_lost');
          await eventually('that it is gone', () =>
            states(home).some(({ state }) => state === 'reconnecting' || state === 'failed'),
          );
          await backend.listen();
          expect((await client.request('tools/list', {}, 'after')).result).toBeDefined();
          expect(backend.of('tools/call')).toHaveLength(3);
          await eventually('that it is back', () => states(home).at(-1)?.state === 'connected');
        },
        { connectRetries: 10 },
      ),
  );
});

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
      play(
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
    return play(
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

describe('connections', () => {
  it(verifies('HTTP-POOL', 'are kept, shared, and at most as many as configured'), () => {
    let running = 0;
    let most = 0;
    const script: Script = {
      'tools/call': (received, response) => {
        most = Math.max(most, ++running);
        setTimeout(() => {
          running--;
          json(response, answer(received, String(received.message.id)));
        }, 5);
      },
    };
    return play(
      script,
      async ({ client, backend }) => {
        await client.initialize();
        const ids = Array.from({ length: 64 }, (_, id) => id);
        const given = await Promise.all(ids.map((id) => client.call('go', {}, id)));
        expect(given.map(textOf)).toEqual(ids.map(String));
        expect(most).toBeGreaterThan(1);
        expect(most).toBeLessThanOrEqual(4);
        // One more may be the GET stream's, one a notification's.
        expect(backend.connections).toBeLessThanOrEqual(6);
        for (let id = 100; id < 150; id++) await client.call('go', {}, id);
        expect(backend.connections).toBeLessThanOrEqual(6);
      },
      { maxConnections: 4 },
    );
  });

  it(verifies('HTTP-POOL', 'carry 64 calls at once where there is room'), () => {
    const waiting: (() => void)[] = [];
    const script: Script = {
      'tools/call': (received, response) => {
        waiting.push(() => json(response, answer(received, String(received.message.id))));
        if (waiting.length === 64) for (const release of waiting) release();
      },
    };
    return play(script, async ({ client }) => {
      await client.initialize();
      const ids = Array.from({ length: 64 }, (_, id) => id);
      expect((await Promise.all(ids.map((id) => client.call('go', {}, id)))).map(textOf)).toEqual(
        ids.map(String),
      );
    });
  });

  it(verifies('HTTP-POOL', 'that are all taken by calls still carry what those calls wait for'), () => {
    const finish: (() => void)[] = [];
    const script: Script = {
      'tools/call': (received, response) => {
        const events = stream(response);
        events.event({ jsonrpc: '2.0', id: `about ${received.message.id}`, method: 'roots/list' });
        finish.push(() => {
          events.event(answer(received, 'answered'));
          events.end();
        });
      },
    };
    return play(
      script,
      async ({ client, backend }) => {
        await client.initialize();
        const calls = [client.call('go', {}, 1), client.call('go', {}, 2)];
        for (const about of ['about 1', 'about 2']) {
          await client.until('the question', () => client.messages.find(({ id }) => id === about));
          await client.sendLine(`{"jsonrpc":"2.0","id":"${about}","result":{"roots":[]}}`);
          await backend.until('the answer', () =>
            backend.received.some(({ message }) => message.id === about),
          );
        }
        for (const release of finish) release();
        expect((await Promise.all(calls)).map(textOf)).toEqual(['answered', 'answered']);
      },
      { maxConnections: 2 },
    );
  });

  it(
    verifies(
      ['SEVERAL-CLIENTS', 'IDS-BY-TYPE'],
      'of several clients have sessions of their own, and ids never cross',
    ),
    () => {
      const script: Script = {
        'tools/call': (received, response) => {
          const session = received.headers['mcp-session-id'];
          setTimeout(
            () => json(response, answer(received, `${session} ${received.message.params.arguments.who}`)),
            Math.random() * 10,
          );
        },
      };
      return play(script, async ({ home, client, backend }) => {
        const others = [home.start('p'), home.start('p'), home.start('p')];
        await using _others: AsyncDisposable = {
          [Symbol.asyncDispose]: async () => {
            await Promise.all(others.map((other) => other[Symbol.asyncDispose]()));
          },
        };
        const clients = [client, ...others];
        await Promise.all(clients.map((one) => one.initialize()));
        const answers = await Promise.all(
          clients.map(async (one, who) => {
            const given = await Promise.all(
              Array.from({ length: 25 }, (_, id) => one.call('go', { who }, id)),
            );
            return [...new Set(given.map(textOf))];
          }),
        );
        expect(answers.map((one) => one.length)).toEqual([1, 1, 1, 1]);
        expect(answers.map(([text]) => String(text).split(' ')[1])).toEqual(['0', '1', '2', '3']);
        expect(new Set(answers.map(([text]) => String(text).split(' ')[0])).size).toBe(4);
        await Promise.all(clients.map((one) => one.end()));
        expect(backend.of('DELETE')).toHaveLength(4);
      });
    },
  );
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
      return play(script, async ({ client }) => {
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

describe('the state of an HTTP backend', () => {
  it(verifies('HTTP-BACKEND-STATE', 'is recorded with its last error, and shown by status'), () =>
    play(
      {},
      async ({ home, client, backend }) => {
        await client.initialize();
        await eventually('the state', () => states(home).at(-1)?.state === 'connected');
        const shown = async (): Promise<string> => {
          const { code, stdout, stderr } = await runCommand(home, ['status', '--json']);
          expect(code, stderr).toBe(0);
          return stdout;
        };
        expect(await shown()).toContain('connected');
        await backend.stop();
        expect(codeOf(await client.request('tools/list', {}, 'list'))).toMatch(/^backend_/);
        await eventually('the state', () => states(home).at(-1)?.state === 'failed');
        expect(await shown()).toContain('ECONNREFUSED');
      },
      { connectRetries: 0 },
    ),
  );
});

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
      return play(script, async ({ client, backend }) => {
        expect((await client.initialize('2024-11-05')).result.serverInfo.name).toBe('older');
        expect(textOf(await client.call('go'))).toBe('from the stream');
        expect(backend.of('initialize').map(({ path }) => path)).toEqual(['/mcp', '/messages?sessionId=1']);
        expect(posts).toHaveLength(3);
      });
    });
  }

  it(verifies('HTTP-OLDER-TRANSPORT', 'is not looked for where another status says no'), () =>
    play(older(401).script, async ({ client, backend }) => {
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
      await play(
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
      return play(
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
