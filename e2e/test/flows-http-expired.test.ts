import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import {
  answer,
  type HttpBackend,
  initializeResult,
  json,
  type Script,
  status,
} from '../resources/http-backend.ts';
import { beginCall, callsAt, codeOf, playHttp, textOf } from '../resources/http-scene.ts';
import { decisionFor, outcomeOf, records } from '../resources/journal.ts';
import { olderTransport } from '../resources/older-transport.ts';
import type { TempHome } from '../resources/temp-home.ts';

/** A server whose sessions a test ends, and which offers of the nth handshake, from 1, what it is told to. */
interface Forgetful {
  readonly script: Script;
  /** Answers a call of a session it does not know; at once with 404, unless a test has replaced it. */
  unknown: (id: unknown, refuse: () => void) => void;
  forget(): void;
}

function forgetful(
  offer: (nth: number) => {
    readonly status?: number;
    readonly revision?: string;
    readonly isNameless?: boolean;
  },
): Forgetful {
  let handshakes = 0;
  let session: string | undefined = 'none';
  const server: Forgetful = {
    unknown: (_, refuse) => refuse(),
    forget: () => {
      session = 'none';
    },
    script: {
      initialize: (received, response) => {
        const nth = ++handshakes;
        const { status: code, revision, isNameless } = offer(nth);
        if (code !== undefined) return status(response, code);
        session = isNameless === true ? undefined : `session-${nth}`;
        const headers = session === undefined ? {} : { 'mcp-session-id': session };
        return json(response, initializeResult(received, revision), headers);
      },
      'tools/call': (received, response) => {
        if (received.headers['mcp-session-id'] === session) json(response, answer(received, 'ran'));
        else server.unknown(received.message.id, () => status(response, 404));
      },
    },
  };
  return server;
}

const sessionsOf = (backend: HttpBackend, method: string): readonly unknown[] =>
  backend.of(method).map(({ headers }) => headers['mcp-session-id']);
const renewals = (home: TempHome): number =>
  records(home, 'p').filter((record) => record.type === 'session' && record.event === 'renewed').length;

describe('a session that has expired', () => {
  it(verifies('HTTP-SESSION-EXPIRED', 'and could not be opened again is tried anew by the next call'), () => {
    const server = forgetful((nth) => (nth === 2 ? { status: 503 } : {}));
    return playHttp(server.script, async ({ home, client, backend }) => {
      await client.initialize();
      expect(textOf(await client.call('go', {}, 'before'))).toBe('ran');
      server.forget();
      expect(codeOf(await client.call('go', {}, 'refused'))).toBe('backend_unreachable');
      for (const id of ['next', 'one more']) expect(textOf(await client.call('go', {}, id))).toBe('ran');
      expect(backend.of('initialize')).toHaveLength(3);
      // Nothing was ever sent outside of a session.
      expect(callsAt(backend)).toEqual(['before', 'refused', 'next', 'one more']);
      expect(sessionsOf(backend, 'tools/call')).toEqual(['session-1', 'session-1', 'session-3', 'session-3']);
      expect(sessionsOf(backend, 'notifications/initialized')).toEqual(['session-1', 'session-3']);
      await client.end();
      expect(renewals(home)).toBe(1);
    });
  });

  it(
    verifies(
      'HTTP-SESSION-EXPIRED',
      'is not replaced by one of another revision, not even for what comes late',
    ),
    () => {
      const revisions = ['2025-11-25', '2025-03-26', '2025-03-26', '2025-06-18', '2025-11-25'];
      const server = forgetful((nth) => ({ revision: revisions[nth - 1] ?? '2025-11-25' }));
      let refuseLate = (): void => undefined;
      server.unknown = (id, refuse) => {
        if (id === 'late') refuseLate = refuse;
        else refuse();
      };
      return playHttp(server.script, async ({ client, home, backend }) => {
        await client.initialize();
        server.forget();
        await beginCall(client, 'late');
        await backend.until('the first call', () => callsAt(backend).includes('late'));
        expect(codeOf(await client.call('go', {}, 'early'))).toBe('backend_unreachable');
        // Its 404 comes when another session has been offered and turned down.
        refuseLate();
        expect(codeOf(await client.answerTo('late'))).toBe('backend_unreachable');
        expect(codeOf(await client.call('go', {}, 'next'))).toBe('backend_unreachable');
        expect(textOf(await client.call('go', {}, 'last'))).toBe('ran');
        expect(sessionsOf(backend, 'tools/call')).toEqual(['session-1', 'session-1', 'session-5']);
        expect(sessionsOf(backend, 'notifications/initialized')).toEqual(['session-1', 'session-5']);
        await backend.until('the end of what was turned down', () => backend.of('DELETE').length === 3);
        expect([...sessionsOf(backend, 'DELETE')].sort()).toEqual(['session-2', 'session-3', 'session-4']);
        expect(outcomeOf(home, 'p', decisionFor(home, 'p', '"late"'))?.reason).toBe('backend_unreachable');
        await client.end();
        expect(renewals(home)).toBe(1);
      });
    },
  );

  it(
    verifies('HTTP-SESSION-EXPIRED', 'may be followed by one without an id, for what comes late too'),
    () => {
      const server = forgetful((nth) => ({ isNameless: nth > 1 }));
      const late: (() => void)[] = [];
      server.unknown = (id, refuse) => {
        if (id === 'early') refuse();
        else late.push(refuse);
      };
      return playHttp(server.script, async ({ client, backend }) => {
        await client.initialize();
        server.forget();
        for (const id of ['late 1', 'late 2']) await beginCall(client, id);
        await backend.until('the late calls', () => late.length === 2);
        expect(textOf(await client.call('go', {}, 'early'))).toBe('ran');
        for (const refuse of late) refuse();
        for (const id of ['late 1', 'late 2']) expect(textOf(await client.answerTo(id))).toBe('ran');
        expect(backend.of('initialize')).toHaveLength(2);
        expect(sessionsOf(backend, 'notifications/initialized')).toEqual(['session-1', undefined]);
      });
    },
  );

  it(verifies('HTTP-SESSION-EXPIRED', 'before the handshake was confirmed is confirmed once'), () => {
    const { script } = forgetful(() => ({}));
    const initialized: Script[string] = ({ headers }, response) =>
      status(response, headers['mcp-session-id'] === 'session-1' ? 404 : 202);
    return playHttp({ ...script, 'notifications/initialized': initialized }, async ({ client, backend }) => {
      await client.initialize();
      expect(textOf(await client.call('go', {}, 'first'))).toBe('ran');
      expect(sessionsOf(backend, 'notifications/initialized')).toEqual(['session-1', 'session-2']);
      expect(sessionsOf(backend, 'tools/call')).toEqual(['session-2']);
    });
  });
});

describe('a session of HTTP+SSE, which ends with its stream', () => {
  it(
    verifies(
      ['HTTP-OLDER-TRANSPORT', 'HTTP-SESSION-EXPIRED'],
      'and breaks again in its handshake: the call was not sent',
    ),
    () => {
      const { script } = olderTransport({
        initialize: (received, { say, breakStream }) => {
          if (received.path === '/messages?stream=2') breakStream();
          else say(received, initializeResult(received));
        },
        'tools/call': (received, { say, breakStream }) => {
          if (received.message.id === 'broken') breakStream();
          else say(received, answer(received, 'ran'));
        },
      });
      return playHttp(
        script,
        async ({ client, home, backend }) => {
          await client.initialize();
          expect(codeOf(await client.call('go', {}, 'broken'))).toBe('backend_connection_lost');
          const unsent = await client.call('go', {}, 'unsent');
          expect(codeOf(unsent)).toBe('backend_unreachable');
          expect(JSON.stringify(unsent)).not.toContain('may have run');
          expect(outcomeOf(home, 'p', decisionFor(home, 'p', '"unsent"'))?.reason).toBe(
            'backend_unreachable',
          );
          expect(textOf(await client.call('go', {}, 'next'))).toBe('ran');
          expect(callsAt(backend)).toEqual(['broken', 'next']);
          expect(backend.of('GET')).toHaveLength(3);
        },
        { transport: 'sse' },
      );
    },
  );

  it(
    verifies(
      ['HTTP-OLDER-TRANSPORT', 'NEVER-SPEAKS-FIRST'],
      'before it was answered: the client alone begins anew',
    ),
    () => {
      const { script } = olderTransport({
        initialize: (received, { say, breakStream }) => {
          if (received.message.id === 'first') breakStream();
          else say(received, initializeResult(received));
        },
      });
      const params = {
        protocolVersion: '2025-03-26',
        capabilities: {},
        clientInfo: { name: 'c', version: '1' },
      };
      return playHttp(
        script,
        async ({ client, backend }) => {
          expect(codeOf(await client.request('initialize', params, 'first'))).toBe('backend_connection_lost');
          expect((await client.request('initialize', params, 'second')).result).toBeDefined();
          expect(backend.of('initialize').map(({ message, path }) => [message.id, path])).toEqual([
            ['first', '/messages?stream=1'],
            ['second', '/messages?stream=2'],
          ]);
        },
        { transport: 'sse' },
      );
    },
  );
});
