import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { answer, json, type Received, type Script, status, stream } from '../resources/http-backend.ts';
import { type HttpScene, type HttpSceneOptions, playHttp } from '../resources/http-scene.ts';
import { decisionFor, eventually, outcomeOf, records } from '../resources/journal.ts';
import { type StatelessClient, statelessClient } from '../resources/stateless-client.ts';
import type { HttpBackendSettings, TempHome } from '../resources/temp-home.ts';

interface Play extends HttpScene {
  readonly stateless: StatelessClient;
}

/** The scene with a client of the stateless era beside the other. */
const play = (
  script: Script,
  scenes: (play: Play) => Promise<void>,
  settings: Partial<HttpBackendSettings> = {},
  more: HttpSceneOptions = {},
): Promise<void> =>
  playHttp(
    script,
    (scene) => scenes({ ...scene, stateless: statelessClient(scene.client, {}) }),
    settings,
    more,
  );

const base64 = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;
const mcpHeaders = ({ headers }: Received): object =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('mcp-')));

describe('the headers of a stateless request', () => {
  const revision = { 'mcp-protocol-version': '2026-07-28' };
  const common = (method: string, name?: string): object => ({
    ...revision,
    'mcp-method': method,
    ...(name === undefined ? {} : { 'mcp-name': name }),
  });

  it(verifies('HTTP-DERIVED-HEADERS', 'name revision, method, and what the method is about'), () =>
    play({}, async ({ backend, stateless }) => {
      const odd = ['Hello, 世界', ' padded ', 'line1\r\nX-Evil: 1', '=?base64?literal?=', 'tab\tinside', 'ß'];
      await stateless.request('server/discover');
      await stateless.request('tools/call', { name: 'plain', arguments: { name: 'inner' } });
      await stateless.request('prompts/get', { name: 'a prompt', uri: 'not://this' });
      await stateless.request('resources/read', { uri: 'file:///a b?c=d', name: 'not this' });
      await stateless.request('tasks/get', { taskId: 'task 1' });
      await stateless.request('vendor/odd method', { name: 'not this' });
      for (const name of odd) await stateless.request('tools/call', { name, arguments: {} });
      expect(backend.received.map(mcpHeaders)).toEqual([
        common('server/discover'),
        common('tools/call', 'plain'),
        common('prompts/get', 'a prompt'),
        common('resources/read', 'file:///a b?c=d'),
        common('tasks/get', 'task 1'),
        common('vendor/odd method'),
        ...odd.map((name) => common('tools/call', name === 'tab\tinside' ? name : base64(name))),
      ]);
      for (const { headers } of backend.received) expect(headers['x-evil']).toBeUndefined();
    }),
  );

  const annotated = (name: string, properties: object, more: object = {}): object => ({
    name,
    inputSchema: { type: 'object', properties, ...more },
  });
  const header = (type: string, named: string): object => ({ type, 'x-mcp-header': named });
  const tools: readonly object[] = [
    annotated('runs', {
      region: header('string', 'Region'),
      count: header('integer', 'Count'),
      dry: header('boolean', 'Dry'),
      deep: { type: 'object', properties: { er: header('string', 'Deeper') } },
      plain: { type: 'string' },
    }),
    annotated('of a number', { price: header('number', 'Price') }),
    annotated('of a bad name', { a: header('string', 'Bad Name\r\nX-Evil: 1') }),
    annotated('of two', { a: header('string', 'Same'), b: header('string', 'sAME') }),
    annotated('of items', { list: { type: 'array', items: header('string', 'Item') } }),
  ];
  const lists: Script = {
    'tools/list': (received, response) =>
      json(response, {
        jsonrpc: '2.0',
        id: received.message.id,
        result: { resultType: 'complete', tools, ttlMs: 0, cacheScope: 'private' },
      }),
  };

  it(verifies('HTTP-DERIVED-HEADERS', 'repeat the parameters a tool’s schema marks'), () =>
    play(lists, async ({ backend, stateless }) => {
      const args = { region: 'eu-west 1', count: -7, dry: false, deep: { er: 'ä\n' }, plain: 'no' };
      await stateless.request('tools/call', { name: 'runs', arguments: args }, 'unlisted');
      await stateless.request('tools/list', {}, 'list');
      await stateless.request('tools/call', { name: 'runs', arguments: args }, 'all');
      await stateless.request('tools/call', { name: 'runs', arguments: { region: null } }, 'null');
      await stateless.request('tools/call', { name: 'runs' }, 'none');
      await stateless.request('tools/call', { name: 'runs', arguments: { region: '', count: 0 } }, 'empty');
      const params = (id: string): object =>
        Object.fromEntries(
          Object.entries(backend.received.find(({ message }) => message.id === id)?.headers ?? {}).filter(
            ([name]) => name.startsWith('mcp-param-'),
          ),
        );
      expect(params('unlisted')).toEqual({});
      expect(params('all')).toEqual({
        'mcp-param-region': 'eu-west 1',
        'mcp-param-count': '-7',
        'mcp-param-dry': 'false',
        'mcp-param-deeper': base64('ä\n'),
      });
      expect([params('null'), params('none')]).toEqual([{}, {}]);
      expect(params('empty')).toEqual({ 'mcp-param-region': '', 'mcp-param-count': '0' });
    }),
  );

  it(
    verifies(
      'HTTP-DERIVED-HEADERS',
      'are not sent for a tool whose marks are not valid: the call is refused',
    ),
    () =>
      play(lists, async ({ backend, stateless }) => {
        const list = await stateless.request('tools/list');
        // The list itself passes as it came: what a client makes of it is the client's.
        expect(list.result.tools).toHaveLength(tools.length);
        for (const name of ['of a number', 'of a bad name', 'of two', 'of items']) {
          const given = await stateless.request('tools/call', { name, arguments: { a: 'x' } });
          expect(given.result, name).toMatchObject({ isError: true });
        }
        expect(backend.of('tools/call')).toEqual([]);
      }),
  );

  /** Wants the region as a header, as a server must that marks it (error -32020, HTTP 400). */
  const strict: Script = {
    ...lists,
    'tools/call': (received, response) => {
      const { id, params } = received.message;
      if (params.name === 'runs' && received.headers['mcp-param-region'] === params.arguments.region) {
        return json(response, answer(received, 'ran'));
      }
      const error = { code: -32020, message: 'Header mismatch' };
      const type = { 'content-type': 'application/json' };
      return status(response, 400, type, JSON.stringify({ jsonrpc: '2.0', id, error }));
    },
  };

  it(
    verifies(
      ['HTTP-DERIVED-HEADERS', 'HTTP-NEVER-TWICE'],
      'are learnt where the server refuses a call for the want of them, once',
    ),
    () =>
      play(strict, async ({ home, client, backend, stateless }) => {
        const call = { name: 'runs', arguments: { region: 'here' } };
        expect((await stateless.request('tools/call', call, 'first')).result.content[0].text).toBe('ran');
        expect(backend.received.map(({ message }) => message.method)).toEqual([
          'tools/call',
          'tools/list',
          'tools/call',
        ]);
        const [first, list, again] = backend.received;
        expect(again?.body).toEqual(first?.body);
        expect(list?.message.params._meta).toEqual(first?.message.params._meta);
        expect((await stateless.request('tools/call', call, 'second')).result.content[0].text).toBe('ran');
        expect(backend.received).toHaveLength(4);
        // Where listing teaches nothing, the server's refusal is the answer.
        const other = await stateless.request('tools/call', { name: 'other', arguments: {} }, 'other');
        expect(other.error).toMatchObject({ code: -32020 });
        expect(backend.of('tools/call')).toHaveLength(4);
        await client.end();
        expect(client.answersTo('first')).toHaveLength(1);
        const listed = records(home, 'p').filter(
          (record) => record.type === 'session' && record.event === 'tools_listed',
        );
        expect(listed).toHaveLength(2);
      }),
  );

  it(verifies('HTTP-DERIVED-HEADERS', 'are those of the stateful era where the request is of it'), () =>
    play(lists, async ({ client, backend }) => {
      await client.initialize();
      await client.request('tools/list');
      await client.call('runs', { region: 'here' });
      const [call] = backend.of('tools/call');
      expect(call && mcpHeaders(call)).toEqual({
        'mcp-session-id': 'session-1',
        'mcp-protocol-version': '2025-11-25',
      });
    }),
  );
});

describe('a cancellation over HTTP', () => {
  const waits: Script = { 'tools/call': (_, response) => stream(response).raw(': working\n\n') };

  it(verifies('HTTP-STATELESS-CANCEL', 'closes the stream of its request in the stateless era'), () =>
    play(waits, async ({ home, client, backend, stateless }) => {
      await stateless.send(5, 'tools/call', { name: 'go', arguments: {} });
      await backend.until('the call', () => backend.of('tools/call').length === 1);
      await client.notify('notifications/cancelled', { requestId: 5 });
      await backend.until('the end of its stream', () => backend.of('tools/call')[0]?.isLetGo() === true);
      expect(backend.of('notifications/cancelled')).toEqual([]);
      await client.end();
      expect(client.answersTo(5)).toEqual([]);
      expect(outcomeOf(home, 'p', decisionFor(home, 'p', '5'))).toMatchObject({ status: 'cancelled' });
    }),
  );

  it(
    verifies('FLOW-CANCELLATION', 'is posted in the stateful era, and the call may still be answered'),
    () => {
      let finish = (): void => undefined;
      const script: Script = {
        'tools/call': (received, response) => {
          finish = () => json(response, answer(received, 'too late to stop'));
        },
      };
      return play(script, async ({ home, client, backend }) => {
        await client.initialize();
        await client.sendLine('{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"go"}}');
        await backend.until('the call', () => backend.of('tools/call').length === 1);
        await client.notify('notifications/cancelled', { requestId: 5 });
        await backend.until('the cancellation', () => backend.of('notifications/cancelled').length === 1);
        expect(backend.of('tools/call')[0]?.isLetGo()).toBe(false);
        finish();
        expect((await client.answerTo(5)).result.content[0].text).toBe('too late to stop');
        expect(outcomeOf(home, 'p', decisionFor(home, 'p', '5'))).toMatchObject({
          status: 'ok',
          cancelled: true,
        });
      });
    },
  );
});

describe('configured headers', () => {
  const token = `Bearer configured-${'c0nf1gured'.repeat(3)}`;
  const key = `environment-${'3nv1ronment'.repeat(3)}`;
  const secretParts = ['c0nf1gured', '3nv1ronment'];
  const settings = { headers: { Authorization: token, 'X-Team': 'blue' }, inheritHeaders: ['X-Api-Key'] };

  const everyFile = (home: TempHome): string =>
    readdirSync(home.home, { recursive: true, withFileTypes: true })
      // The configuration is where one of them was put.
      .filter((entry) => entry.isFile() && entry.name !== 'config.json')
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');

  it(verifies('HTTP-HEADERS-SECRET', 'arrive with everything, and are in no record, log or error'), () => {
    const echoes: Script = {
      'tools/call': (_, response) => status(response, 500, {}, `you sent ${token} and ${key}`),
      GET: (_, response) => status(response, 403, {}, token),
    };
    return play(
      echoes,
      async ({ home, client, backend }) => {
        await client.initialize();
        const refused = await client.call('go');
        await client.end();
        expect(backend.received.map(({ message, method }) => message.method ?? method)).toEqual(
          expect.arrayContaining(['initialize', 'notifications/initialized', 'GET', 'tools/call', 'DELETE']),
        );
        for (const { headers } of backend.received) {
          expect([headers.authorization, headers['x-team'], headers['x-api-key']]).toEqual([
            token,
            'blue',
            key,
          ]);
        }
        const shown = await Promise.all(
          [
            ['proxy', 'show', 'p'],
            ['status'],
            ['proxy', 'list', '--json'],
            ['config', 'show', '--proxy', 'p'],
          ].map((args) => runCommand(home, args)),
        );
        expect(shown.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
        // Both wires are written down at this level.
        expect(readdirSync(home.paths.debugDir('p'))).not.toEqual([]);
        const written = everyFile(home);
        const told = [
          JSON.stringify(refused),
          client.stderr,
          written,
          ...shown.map(({ stdout, stderr }) => stdout + stderr),
        ];
        for (const part of secretParts) {
          for (const text of told) expect(text).not.toContain(part);
        }
      },
      settings,
      { env: { X_API_KEY: key }, logLevel: 'debug' },
    );
  });

  it(verifies('HTTP-HEADERS-SECRET', 'that the environment lacks are named, and nothing is sent'), () =>
    play(
      {},
      async ({ client, backend }) => {
        const refused = await client.request('initialize', { protocolVersion: '2025-11-25' });
        expect(refused.error).toMatchObject({ code: -32065, data: { code: 'config_invalid' } });
        expect(refused.error?.message).toContain('X_API_KEY');
        expect(refused.error?.message).not.toContain('c0nf1gured');
        expect((await client.ended()).code).toBe(16);
        expect(backend.received).toEqual([]);
      },
      settings,
    ),
  );
});

describe('a redirect', () => {
  it(verifies('HTTP-REDIRECTS', 'within the origin is followed with method, body and headers'), () => {
    let moves = 0;
    const script: Script = {
      'tools/call': (received, response) => {
        if (received.path === '/mcp') return status(response, 307, { location: '/elsewhere?a=1' });
        if (moves++ === 0) return status(response, 308, { location: 'third' });
        return json(response, answer(received, received.path));
      },
    };
    return play(
      script,
      async ({ client, backend }) => {
        await client.initialize();
        expect((await client.call('go', {}, 'one')).result.content[0].text).toBe('/third');
        const calls = backend.of('tools/call');
        expect(calls.map(({ path }) => path)).toEqual(['/mcp', '/elsewhere?a=1', '/third']);
        for (const { headers, body } of calls) {
          expect([headers.authorization, headers['mcp-session-id']]).toEqual(['secret', 'session-1']);
          expect(body).toEqual(calls[0]?.body);
        }
      },
      { headers: { authorization: 'secret' } },
    );
  });

  it(
    verifies('HTTP-REDIRECTS', 'to another origin, to another method, without an end, is one error'),
    async () => {
      let elsewhere = 0;
      const other = createServer((socket) => {
        elsewhere++;
        socket.destroy();
      });
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const address = other.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const targets: Readonly<Record<string, readonly [number, string | undefined]>> = {
        'another port': [307, `http://127.0.0.1:${port}/mcp`],
        'another name': [308, `http://localhost:${port}/mcp`],
        'another protocol': [307, `https://127.0.0.1:${port}/mcp`],
        'no protocol': [307, `//127.0.0.1:${port}/mcp`],
        'another scheme': [307, 'file:///etc/passwd'],
        'with credentials': [307, 'http://user:pass@127.0.0.1/mcp'],
        'another method': [302, '/mcp'],
        'see other': [303, '/mcp'],
        'for ever': [307, '/mcp'],
        nowhere: [307, undefined],
        'nothing usable': [308, 'http://['],
      };
      const script: Script = {
        'tools/call': ({ message }, response) => {
          const [code, location] = targets[message.params.name] ?? [500, undefined];
          status(response, code, location === undefined ? {} : { location });
        },
      };
      try {
        await play(script, async ({ client }) => {
          await client.initialize();
          for (const name of Object.keys(targets)) {
            const given = await client.call(name, {}, name);
            expect(given.result, name).toMatchObject({ structuredContent: { code: 'backend_refused' } });
          }
          expect(elsewhere).toBe(0);
        });
      } finally {
        await new Promise((resolve) => other.close(resolve));
      }
    },
  );

  it(verifies('HTTP-REDIRECTS', 'of the handshake leads everything after it there'), () => {
    const script: Script = {
      initialize: (received, response) => {
        if (received.path === '/mcp') return status(response, 308, { location: '/new' });
        const result = {
          protocolVersion: '2025-11-25',
          capabilities: {},
          serverInfo: { name: 'x', version: '1' },
        };
        return json(response, { jsonrpc: '2.0', id: received.message.id, result }, { 'mcp-session-id': 's' });
      },
    };
    return play(script, async ({ client, backend }) => {
      await client.initialize();
      await client.call('go');
      await eventually('the GET stream', () => backend.of('GET').length > 0);
      expect(new Set(backend.received.slice(1).map(({ path }) => path))).toEqual(new Set(['/new']));
    });
  });
});
