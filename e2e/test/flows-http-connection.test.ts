import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { answer, json, type Script, stream } from '../resources/http-backend.ts';
import { codeOf, playHttp, textOf } from '../resources/http-scene.ts';
import { decisionFor, eventually, outcomeOf, records } from '../resources/journal.ts';
import type { TempHome } from '../resources/temp-home.ts';

const states = (home: TempHome) =>
  records(home, 'p').flatMap((record) =>
    record.type === 'session' && record.event === 'backend' ? [record] : [],
  );
const reasonOf = (home: TempHome, id: string): unknown =>
  outcomeOf(home, 'p', decisionFor(home, 'p', id))?.reason;

describe('a backend that is not there', () => {
  it(verifies(['HTTP-CONNECT-RETRIED', 'HTTP-BACKEND-STATE'], 'at first, but comes, is waited for'), () =>
    playHttp(
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
      playHttp(
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
      playHttp(dies, async ({ home, client, backend }) => {
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
      playHttp(
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
    return playHttp(
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
    return playHttp(script, async ({ client }) => {
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
    return playHttp(
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
      return playHttp(script, async ({ home, client, backend }) => {
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

describe('the state of an HTTP backend', () => {
  it(verifies('HTTP-BACKEND-STATE', 'is recorded with its last error, and shown by status'), () =>
    playHttp(
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
