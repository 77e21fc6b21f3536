import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { answer, json, type Received, type Script, status, stream } from '../resources/http-backend.ts';
import { beginCall, callsAt, playHttp, textOf } from '../resources/http-scene.ts';
import { outcomes } from '../resources/journal.ts';

const logged = (data: string): object => ({
  jsonrpc: '2.0',
  method: 'notifications/message',
  params: { level: 'info', data },
});

describe('an event that breaks off has not been received', () => {
  /** An event store: one call whose answer stands behind the second event. */
  const store = (
    breakOff: (events: ReturnType<typeof stream>, answerEvent: string, cut: () => void) => void,
  ) => {
    let pending: object = {};
    let continued = (): void => undefined;
    const script: Script = {
      'tools/call': (received, response) => {
        pending = answer(received, 'kept');
        const events = stream(response);
        events.raw('retry: 1\n');
        events.event(logged('first'), 'event-1');
        continued = () =>
          breakOff(events, `id: event-2\ndata: ${JSON.stringify(pending)}\n\n`, () => response.socket?.end());
      },
      GET: ({ headers }, response) => {
        const after = headers['last-event-id'];
        if (after === undefined) return status(response, 405);
        const events = stream(response);
        // What was asked for is behind an event, and behind the second there is nothing.
        if (after === 'event-1') events.event(pending, 'event-2');
        return events.end();
      },
    };
    return { script, goOn: () => continued() };
  };
  type BreakOff = Parameters<typeof store>[0];
  const ways: Readonly<Record<string, BreakOff>> = {
    'and the stream ends': ({ raw, end }, event) => {
      raw(event.slice(0, 40));
      end();
    },
    'and the connection ends': ({ raw }, event, cut) => {
      raw(event.slice(0, 40));
      cut();
    },
    'before the line that sends it off': ({ raw, end }, event) => {
      raw(event.slice(0, -1));
      end();
    },
  };
  for (const [name, breakOff] of Object.entries(ways)) {
    it(verifies('HTTP-RESUMPTION', `${name}: what follows the one before it is asked for`), () => {
      const { script, goOn } = store(breakOff);
      return playHttp(script, async ({ client, backend }) => {
        await client.initialize();
        await beginCall(client, 'broken');
        await client.until('the first event', () =>
          client.messages.find(({ params }) => params?.data === 'first'),
        );
        goOn();
        expect(textOf(await client.answerTo('broken'))).toBe('kept');
        // Nor is a stream asked for again that has brought the answer.
        await client.end();
        const asked = backend.of('GET').flatMap(({ headers }) => headers['last-event-id'] ?? []);
        expect(asked).toEqual(['event-1']);
        expect(callsAt(backend)).toEqual(['broken']);
        expect(client.answersTo('broken')).toHaveLength(1);
      });
    });
  }
});

for (const form of ['nothing', 'a stream'] as const) {
  it(
    verifies(
      ['HTTP-SERVER-REQUESTS', 'ONE-ANSWER'],
      `an answer that came on the GET stream ends its POST, which has ${form} yet, and no later call of that id`,
    ),
    () => {
      let say = (_: unknown): void => undefined;
      const finish: { readonly received: Received; end(text?: string): void }[] = [];
      const script: Script = {
        GET: (_, response) => {
          say = stream(response).event;
        },
        'tools/call': (received, response) => {
          const isFirst = finish.length === 0;
          if (isFirst && form === 'a stream') stream(response).raw(': begun\n\n');
          finish.push({
            received,
            end: (text) => (text === undefined ? response.destroy() : json(response, answer(received, text))),
          });
          if (isFirst) say(answer(received, 'first'));
        },
      };
      return playHttp(script, async ({ home, client, backend }) => {
        await client.initialize();
        await backend.until('the server’s stream', () => backend.of('GET').length === 1);
        await beginCall(client, 7);
        expect(textOf(await client.answerTo(7))).toBe('first');
        await beginCall(client, 7);
        await backend.until('the second call', () => finish.length === 2);
        const [first, second] = finish;
        await backend.until('the end of the first POST', () => first?.received.isLetGo() === true);
        first?.end();
        // What became of the first is known to the proxy before the second is answered.
        expect((await client.request('ping', {}, 'ping')).result).toBeDefined();
        second?.end('second');
        await client.until('both answers', () => client.answersTo(7)[1]);
        await client.end();
        expect(client.answersTo(7).map(textOf)).toEqual(['first', 'second']);
        const called = outcomes(home, 'p').filter(({ method }) => method === 'tools/call');
        expect(called.map(({ status }) => status)).toEqual(['ok', 'ok']);
      });
    },
  );
}

it(verifies('HTTP-SERVER-REQUESTS', 'the GET stream outlives statuses that may pass'), () => {
  const passing = [503, 429];
  let opened = 0;
  let end = (): void => undefined;
  let say = (_: unknown): void => undefined;
  const script: Script = {
    GET: (_, response) => {
      const refusal = opened++ === 0 ? undefined : passing.shift();
      if (refusal !== undefined) return status(response, refusal);
      const events = stream(response);
      events.raw('retry: 1\n\n');
      ({ end, event: say } = events);
    },
  };
  return playHttp(script, async ({ client, backend }) => {
    await client.initialize();
    await backend.until('the first stream', () => opened === 1);
    end();
    await backend.until('the last stream', () => opened === 4);
    say(logged('still there'));
    await client.until('what the server says', () =>
      client.messages.find(({ params }) => params?.data === 'still there'),
    );
    expect(backend.of('GET')).toHaveLength(4);
  });
});

it(verifies('HTTP-SERVER-REQUESTS', 'a server that says it has no GET stream is not asked again'), () => {
  const script: Script = { GET: (_, response) => status(response, 405) };
  return playHttp(script, async ({ client, backend }) => {
    await client.initialize();
    for (const id of ['a', 'b', 'c']) expect(textOf(await client.call('go', {}, id))).toBe('ran');
    await client.end();
    expect(backend.of('GET')).toHaveLength(1);
  });
});
