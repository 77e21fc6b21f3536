import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import {
  answer,
  HttpBackend,
  json,
  type Received,
  type Script,
  type Serve,
  stream,
} from '../resources/http-backend.ts';
import { type HttpScene, type HttpSceneOptions, playHttp, textOf } from '../resources/http-scene.ts';
import { decisionFor, outcomeOf } from '../resources/journal.ts';
import { peakMemory } from '../resources/process-table.ts';
import { TempHome } from '../resources/temp-home.ts';

/** What the backend does with the tool of each name; each test calls its tools through one proxy. */
const play = (
  tools: Readonly<Record<string, Serve>>,
  scenes: (scene: HttpScene) => Promise<void>,
  more: HttpSceneOptions = {},
): Promise<void> =>
  playHttp(
    {
      'tools/call': (received, response) => tools[received.message.params.name]?.(received, response),
    },
    async (scene) => {
      await scene.client.initialize();
      await scenes(scene);
      // Whatever came, the session lives on.
      expect((await scene.client.request('ping', {}, 'alive')).error).toBeUndefined();
    },
    {},
    more,
  );

const body =
  (text: string | Buffer, status = 200, type = 'application/json'): Serve =>
  (_, response) => {
    response.writeHead(status, { 'content-type': type }).end(text);
  };
const written =
  (write: (received: Received) => string): Serve =>
  (received, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).end(write(received));
  };
const said = (received: Received, text = 'naïve 漢字 🚀'): string => JSON.stringify(answer(received, text));

describe('a reply', () => {
  it(verifies('HTTP-REPLIES', 'as JSON, plain, pretty-printed, with a byte order of its own'), () => {
    const tools = {
      plain: (received, response) => body(said(received))(received, response),
      pretty: (received, response) =>
        body(`\r\n${JSON.stringify(answer(received, 'pretty'), null, '\t ')}\r\n\n`)(received, response),
      charset: (received, response) =>
        body(said(received), 200, 'Application/JSON ; Charset="UTF-8"')(received, response),
      dribbled: (received, response) => {
        const bytes = Buffer.from(said(received));
        response.writeHead(200, { 'content-type': 'application/json' });
        for (const byte of bytes) response.write(Buffer.from([byte]));
        response.end();
      },
    } satisfies Readonly<Record<string, Serve>>;
    return play(tools, async ({ client }) => {
      for (const name of ['plain', 'charset', 'dribbled']) {
        expect(textOf(await client.call(name))).toBe('naïve 漢字 🚀');
      }
      expect(textOf(await client.call('pretty'))).toBe('pretty');
    });
  });

  const note = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"n"}}';
  /** Each as the specification of event streams allows it; all say the same. */
  const forms: Readonly<Record<string, (received: Received) => string>> = {
    'with other events, comments and fields': (r) =>
      `\ufeff: hello\nretry: 5\nevent: ping\ndata: {"not":"ours"}\n\n:\n\nevent: message\ndata: ${note}\n\nunknown: x\ndata\n\nevent\nid: 1\ndata: ${said(r)}\n\n`,
    'with carriage returns': (r) => `event: message\rdata: ${note}\r\rdata: ${said(r)}\r\r`,
    'with both': (r) => `event: message\r\ndata: ${note}\r\n\r\ndata: ${said(r)}\r\n\r\n`,
    'without a space': (r) => `data:${note}\n\ndata:${said(r)}\n\n`,
    'over many lines': (r) =>
      `data: ${note}\n\n${JSON.stringify(answer(r, 'naïve 漢字 🚀'), null, 2).replace(/^/gm, 'data: ')}\n\n`,
    'with what follows the answer': (r) =>
      `data: ${note}\n\ndata: ${said(r)}\n\ndata: ${said(r)}\n\ndata: {"torn`,
  };
  it(verifies('HTTP-REPLIES', 'as a stream, in every form it may have'), () => {
    const tools = Object.fromEntries(Object.entries(forms).map(([name, write]) => [name, written(write)]));
    return play(tools, async ({ client }) => {
      for (const name of Object.keys(forms)) {
        const before = client.messages.length;
        expect(textOf(await client.call(name)), name).toBe('naïve 漢字 🚀');
        expect(
          client.messages.slice(before).map(({ method }) => method),
          name,
        ).toEqual(['notifications/message', undefined]);
      }
    });
  });

  it(verifies('HTTP-REPLIES', 'as a stream that is cut at every byte'), () => {
    const tools = {
      cut: (received, response) => {
        const { at } = received.message.params.arguments;
        const bytes = Buffer.from(`: c\r\nid: 1\r\nevent: message\r\ndata: ${said(received, 'ä')}\r\n\r\n`);
        const events = stream(response);
        events.raw(bytes.subarray(0, at));
        setImmediate(() => {
          if (at < bytes.length) events.raw(bytes.subarray(at));
          events.end();
        });
      },
    } satisfies Readonly<Record<string, Serve>>;
    return play(tools, async ({ client }) => {
      const answers = await Promise.all(
        Array.from({ length: 140 }, (_, at) => client.call('cut', { at: at + 1 }, at)),
      );
      expect(new Set(answers.map(textOf))).toEqual(new Set(['ä']));
    });
  });
});

describe('a batch', () => {
  interface Member {
    readonly id?: string;
    readonly params: { readonly name: string };
  }
  const ran = (id: unknown): object => ({
    jsonrpc: '2.0',
    id,
    result: { content: [{ type: 'text', text: id }] },
  });
  /** Answered as its first member says. */
  const script: Script = {
    BATCH: ({ message }, response) => {
      const members = message as unknown as readonly Member[];
      const answers = members.flatMap(({ id }) => (id === undefined ? [] : [ran(id)]));
      if (answers.length === 0) return response.writeHead(202).end();
      if (members[0]?.params.name === 'json') return json(response, answers);
      const events = stream(response);
      if (members[0]?.params.name === 'one event') events.event(answers);
      else for (const one of answers.reverse()) events.event(one);
      return events.end();
    },
  };

  it(
    verifies(['BATCH-RULES', 'HTTP-REPLIES'], 'is answered as a body, as one event, and member by member'),
    async () => {
      await using backend = await HttpBackend.start(script);
      await using home = new TempHome();
      home.addProxy('p', { backend: { transport: 'http', url: backend.url } });
      await using client = home.start('p');
      await client.initialize('2025-03-26');
      for (const name of ['json', 'one event', 'each its event']) {
        const ids = [1, 2, 3].map((at) => `${name} ${at}`);
        const members = ids.map((id) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } }));
        await client.sendLine(JSON.stringify(members));
        const answered = (): readonly unknown[] =>
          client.messages
            .flat()
            .map(({ id }) => id)
            .filter((id) => String(id).startsWith(name));
        await client.until(`all answers of ${name}`, () => (answered().length === 3 ? true : undefined));
        expect([...answered()].sort()).toEqual(ids);
      }
      const notice = { jsonrpc: '2.0', method: 'notifications/roots/list_changed' };
      await client.sendLine(JSON.stringify([notice, notice]));
      await backend.until(
        'the last batch',
        () => backend.received.filter(({ message }) => Array.isArray(message)).length === 4,
      );
      expect((await client.request('ping')).error).toBeUndefined();
    },
  );
});

describe('a status', () => {
  const html = '<html><body>Bad <b>gateway</b></body></html>';
  const error = (id: unknown): string =>
    JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32001, message: 'not you', data: { why: 'x' } } });
  /** What comes, and what is made of it: the backend's own error, or ours. */
  const cases: Readonly<Record<string, { serve: Serve; ours?: string }>> = {
    'a 401': { serve: body('', 401, 'text/plain'), ours: 'backend_refused' },
    'a 403': { serve: body('Forbidden', 403, 'text/plain'), ours: 'backend_refused' },
    'a 404 without a session': { serve: body('', 404), ours: 'backend_refused' },
    'a 500': { serve: body(html, 500, 'text/html'), ours: 'backend_failed' },
    'a page instead of an answer': { serve: body(html, 200, 'text/html'), ours: 'backend_unreadable' },
    'nothing at all': { serve: body('', 200), ours: 'backend_unreadable' },
    'no content': { serve: body('', 204), ours: 'backend_unreadable' },
    'accepted, but never answered': { serve: body('', 202), ours: 'backend_unreadable' },
    'an error with the id': { serve: (r, s) => body(error(r.message.id), 400)(r, s) },
    'an error without an id': { serve: body(error(undefined), 400) },
    'an error with a null id': { serve: body(error(null), 403) },
    'an error with a stream’s type': {
      serve: (r, s) => body(`data: ${error(r.message.id)}\n\n`, 500, 'text/event-stream')(r, s),
      ours: 'backend_failed',
    },
    'an error for another id': { serve: body(error('other'), 400), ours: 'backend_refused' },
    'an answer of another shape': {
      serve: body('{"detail":"Not authenticated"}', 401),
      ours: 'backend_refused',
    },
    'an answer beside an error status': {
      serve: (r, s) => body(JSON.stringify(answer(r, 'it ran all the same')), 500)(r, s),
    },
  };

  it(verifies('HTTP-ERROR-STATUS', 'makes one answer, whatever its body'), () => {
    const tools = Object.fromEntries(Object.entries(cases).map(([name, { serve }]) => [name, serve]));
    return play(tools, async ({ client, home }) => {
      for (const [name, { ours }] of Object.entries(cases)) {
        const given = await client.call(name, {}, name);
        if (ours !== undefined) {
          expect(given.result, name).toMatchObject({ isError: true, structuredContent: { code: ours } });
          expect(outcomeOf(home, 'p', decisionFor(home, 'p', JSON.stringify(name)))?.reason, name).toBe(ours);
        } else if (given.error === undefined) expect(textOf(given), name).toBe('it ran all the same');
        else expect(given.error, name).toEqual({ code: -32001, message: 'not you', data: { why: 'x' } });
      }
      expect(client.messages.filter(({ method }) => method !== undefined)).toEqual([]);
      for (const name of Object.keys(cases)) expect(client.answersTo(name), name).toHaveLength(1);
    });
  });

  it(
    verifies(['HTTP-ERROR-STATUS', 'REFUSAL-DISCREET'], 'is told by its number, not by what a page said'),
    () =>
      play({ page: body(html, 502, 'text/html') }, async ({ client }) => {
        const text = JSON.stringify((await client.call('page')).result);
        expect(text).toContain('HTTP 502');
        expect(text).not.toContain('gateway');
      }),
  );
});

describe('a hostile reply', () => {
  const big = 'x'.repeat(300_000);
  const twice = (id: unknown): string =>
    `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"a":1,"a":2}}`;
  const invalid = (id: unknown): Buffer =>
    Buffer.concat([
      Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[{"type":"text","text":"`),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}]}}'),
    ]);
  const inEvent = (bytes: Buffer | string): Buffer =>
    Buffer.concat([Buffer.from('data: '), Buffer.from(bytes), Buffer.from('\n\n')]);
  const hostile: Readonly<Record<string, (received: Received) => Buffer | string>> = {
    'oversize ': (r) => JSON.stringify(answer(r, big)),
    'oversize before its id ': (r) =>
      `{"jsonrpc":"2.0","result":{"content":[],"x":"${big}"},"id":${JSON.stringify(r.message.id)}}`,
    'invalid UTF-8 ': (r) => invalid(r.message.id),
    'the same key twice ': (r) => twice(r.message.id),
    'half a message ': (r) => JSON.stringify(answer(r, 'half')).slice(0, -5),
    'a byte order mark ': (r) => `\ufeff${JSON.stringify(answer(r, 'marked'))}`,
  };
  // An event stream may begin with a mark; a message may not.
  const inStream = (name: string, bytes: Buffer | string): Buffer =>
    name.startsWith('a byte order mark')
      ? Buffer.concat([Buffer.from(': c\n'), inEvent(bytes)])
      : inEvent(bytes);

  it(verifies('HTTP-HOSTILE-BODY', 'is one error of the call, as a body and as an event'), () => {
    const tools: Record<string, Serve> = {};
    for (const [name, make] of Object.entries(hostile)) {
      tools[`${name}body`] = (r, s) => body(make(r))(r, s);
      tools[`${name}event`] = (r, s) => body(inStream(name, make(r)), 200, 'text/event-stream')(r, s);
    }
    return play(
      tools,
      async ({ client }) => {
        for (const name of Object.keys(tools)) {
          const given = await client.call(name, {}, name);
          const code = given.result?.structuredContent?.code ?? given.error?.data?.code;
          // What cannot be tied to the call in a stream is lost with it.
          expect(
            ['backend_unreadable', 'backend_connection_lost'],
            `${name}: ${JSON.stringify(given)}`,
          ).toContain(code);
          expect(client.answersTo(name), name).toHaveLength(1);
        }
      },
      { messageBytes: 262_144 },
    );
  });

  it(verifies('HTTP-HOSTILE-BODY', 'without an end costs little memory'), () => {
    const block = Buffer.alloc(1024 * 1024, 'c');
    const flood =
      (start: string): Serve =>
      (_, response) => {
        const events = stream(response);
        events.raw(start);
        let left = 128;
        const more = (): void => {
          if (left-- === 0) response.destroy();
          else response.write(block, () => setImmediate(more));
        };
        more();
      };
    const tools: Readonly<Record<string, Serve>> = {
      comments: flood(': '),
      field: flood('id: '),
      event: flood('data: '),
    };
    return play(
      tools,
      async ({ client }) => {
        await client.request('ping', {}, 'before');
        const beforeBytes = peakMemory(client.pid);
        for (const name of Object.keys(tools)) {
          const given = await client.call(name, {}, name);
          expect(given.result, name).toMatchObject({ isError: true });
        }
        expect(peakMemory(client.pid) - beforeBytes).toBeLessThan(96 * 1024 * 1024);
      },
      { messageBytes: 1_048_576 },
    );
  });

  it(verifies('HTTP-HOSTILE-BODY', 'of many events at once is passed on in order'), () => {
    const tools: Readonly<Record<string, Serve>> = {
      many: (received, response) => {
        const notices = Array.from(
          { length: 20_000 },
          (_, at) =>
            `data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":${at}}}\n\n`,
        );
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`${notices.join('')}data: ${said(received, 'last')}\n\n`);
      },
    };
    return play(tools, async ({ client }) => {
      expect(textOf(await client.call('many', {}, 'many'))).toBe('last');
      const told = client.messages.filter(({ method }) => method === 'notifications/message');
      expect(told.map(({ params }) => params.data)).toEqual(Array.from({ length: 20_000 }, (_, at) => at));
    });
  });

  it(verifies('HTTP-HOSTILE-BODY', 'that answers what nobody asked reaches nobody'), () => {
    const tools: Readonly<Record<string, Serve>> = {
      stray: (received, response) => {
        const events = stream(response);
        events.event({ jsonrpc: '2.0', id: 'nobody', result: {} });
        events.event({ jsonrpc: '2.0', id: String(received.message.id), result: {} });
        events.event(answer(received, 'asked'));
        events.end();
      },
    };
    return play(tools, async ({ client }) => {
      expect(textOf(await client.call('stray', {}, 6))).toBe('asked');
      expect([client.answersTo('nobody'), client.answersTo('6')]).toEqual([[], []]);
    });
  });
});
