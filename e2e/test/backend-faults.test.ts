import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { badServer, type Command } from '../resources/fixtures.ts';
import { decisionFor, decisions, eventually, outcomeOf, outcomes, records } from '../resources/journal.ts';
import type { LineClient, WireMessage } from '../resources/line-client.ts';
import { allEnded } from '../resources/process-table.ts';
import { type ProxySettings, TempHome } from '../resources/temp-home.ts';

async function withBackend(
  backend: Command,
  scene: (client: LineClient, home: TempHome) => Promise<void>,
  settings: Partial<ProxySettings> = {},
): Promise<void> {
  await using home = new TempHome();
  home.addProxy('p', { ...settings, backend });
  await using client = home.start('p');
  await scene(client, home);
}

/** The stable code of an answer, whichever of its two shapes it has. */
const codeOf = (answer: WireMessage): unknown =>
  answer.error?.data?.code ?? answer.result?.structuredContent?.code;

const initializeParams = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'line-client', version: '1.0.0' },
};

describe('a backend that cannot start', () => {
  it(verifies('BACKEND-MISSING', 'a missing command is said in the first answer'), () =>
    withBackend(['no-such-program-anywhere', 'x'], async (client) => {
      const answer = await client.request('initialize', initializeParams);
      expect(codeOf(answer)).toBe('backend_not_started');
      expect(answer.error?.message).toContain('no-such-program-anywhere');
      expect((await client.ended()).code).not.toBe(0);
    }),
  );

  it(verifies('BACKEND-EXITS', 'one that exits at once is answered for'), () =>
    withBackend(badServer('exits-at-start'), async (client, home) => {
      const answer = await client.request('initialize', initializeParams);
      expect(['backend_exited', 'backend_not_started']).toContain(codeOf(answer));
      await client.ended();
      expect(client.messages).toHaveLength(1);
      await eventually('the end in the journal', () =>
        records(home, 'p').some((record) => record.type === 'session' && record.event === 'closed'),
      );
    }),
  );

  it(verifies('BACKEND-EXITS', 'what it said on stderr is kept'), () =>
    withBackend(badServer('exits-at-start-with-words'), async (client, home) => {
      await client.request('initialize', initializeParams);
      await client.ended();
      expect(readFileSync(home.paths.stderrLog('p'), 'utf8')).toContain('cannot find the database');
    }),
  );
});

describe('a backend that fails in a call', () => {
  for (const mode of ['exits-in-call', 'killed-in-call', 'closes-stdout']) {
    it(
      verifies(
        ['BACKEND-EXITS', 'ONE-ANSWER', 'EXITS-RECORDED'],
        `${mode}: every waiting request is answered`,
      ),
      () =>
        withBackend(badServer(mode), async (client, home) => {
          await client.initialize();
          const ids = [1, 2, 3];
          await client.sendRaw(
            ids
              .map((id) => `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"go"}}\n`)
              .join(''),
          );
          for (const id of ids) {
            const answer = await client.answerTo(id);
            expect(codeOf(answer)).toBe('backend_exited');
          }
          await client.ended();
          for (const id of ids) {
            expect(client.answersTo(id)).toHaveLength(1);
            const decision = decisionFor(home, 'p', String(id));
            if (decision?.disposition === 'forwarded') {
              expect(outcomeOf(home, 'p', decision)).toMatchObject({ status: 'backend_exited' });
            } else {
              expect(decision).toMatchObject({ disposition: 'failed' });
            }
          }
          expect(records(home, 'p').slice(-2)).toMatchObject([
            { type: 'incident', code: 'backend_exited' },
            { type: 'session', event: 'closed', reason: 'backend_exited' },
          ]);
        }),
    );
  }

  it(
    verifies(
      ['BACKEND-STALLED', 'FLOW-LARGE'],
      'one that writes a large answer before it reads on is read, however much waits for it',
    ),
    async () => {
      await using home = new TempHome();
      const gate = join(home.base, 'gate');
      home.addProxy('p', { backend: badServer('writes-before-it-reads', gate), payloads: 'none' });
      await using client = home.start('p');
      await client.initialize();
      const call = (id: string, argument: string): string =>
        `{"jsonrpc":"2.0","id":"${id}","method":"tools/call","params":{"name":"go","arguments":{"text":"${argument}"}}}\n`;
      await client.sendRaw(call('large', ''));
      const ids = Array.from({ length: 16 }, (_, index) => `behind ${index}`);
      const argument = 'x'.repeat(1280 * 1024);
      for (const id of ids) client.child.stdin.write(call(id, argument));
      // Seven of them are more than the 8 MiB from which on the proxy holds back the client: it may read no further.
      await eventually('more on its way to the backend than the proxy likes to hold', () => {
        const forwarded = decisions(home, 'p').filter(({ disposition }) => disposition === 'forwarded');
        return forwarded.filter(({ requestId }) => requestId?.startsWith('"behind')).length >= 7;
      });
      writeFileSync(gate, '');
      expect((await client.answerTo('large')).result.content[0].text.length).toBe(8 * 1024 * 1024);
      for (const id of ids) expect((await client.answerTo(id)).result.content[0].text).toBe('read');
    },
  );

  it(verifies('BACKEND-NOISE', 'text that is no JSON on stdout is dropped, the answer arrives'), () =>
    withBackend(badServer('non-json'), async (client) => {
      await client.initialize();
      const answer = await client.call('go', {}, 5);
      expect(answer.result.content).toEqual([{ type: 'text', text: 'after the noise' }]);
      expect((await client.request('ping')).result).toBeDefined();
    }),
  );

  it(verifies('BACKEND-NOISE', 'a greeting on stdout before the handshake does no harm'), () =>
    withBackend(badServer('non-json-at-start'), async (client) => {
      expect((await client.initialize()).result.serverInfo.name).toContain('bad-server');
    }),
  );

  it(verifies('BACKEND-NOISE', 'a flood on stderr does no harm and is kept within bounds'), () =>
    withBackend(badServer('floods-stderr'), async (client, home) => {
      await client.initialize();
      const answer = await client.call('go');
      expect(answer.result.content[0].text).toBe('after the flood');
      expect(readFileSync(home.paths.stderrLog('p')).length).toBeLessThanOrEqual(4 * 1024 * 1024);
    }),
  );

  it(verifies('BACKEND-UNREADABLE', 'an answer that fails the check becomes one error for its id'), () =>
    withBackend(badServer('unreadable-answer'), async (client, home) => {
      await client.initialize();
      const answer = await client.call('go', {}, 5);
      expect(codeOf(answer)).toBe('backend_unreadable');
      expect(outcomeOf(home, 'p', decisionFor(home, 'p', '5'))).toMatchObject({ status: 'unreadable' });
      expect((await client.request('ping')).result).toBeDefined();
      expect(client.answersTo(5)).toHaveLength(1);
    }),
  );

  it(verifies('BACKEND-UNREADABLE', 'an answer over the limit becomes one error for its id'), () =>
    withBackend(badServer('oversize'), async (client) => {
      await client.initialize();
      const answer = await client.call('go', {}, 5);
      expect(codeOf(answer)).toBe('backend_unreadable');
      expect((await client.request('ping')).result).toBeDefined();
      expect(client.answersTo(5)).toHaveLength(1);
    }),
  );

  it(
    verifies(
      ['BACKEND-SILENT', 'EXITS-RECORDED'],
      'one that never answers is answered for when its time is over',
    ),
    () =>
      withBackend(
        badServer('never-answers'),
        async (client, home) => {
          await client.initialize();
          const answer = await client.call('go', {}, 5);
          expect(codeOf(answer)).toBe('backend_timeout');
          expect(outcomeOf(home, 'p', decisionFor(home, 'p', '5'))).toMatchObject({ status: 'timed_out' });
          expect((await client.request('ping')).result).toBeDefined();
        },
        { callIdleMs: 1000 },
      ),
  );

  it(verifies('BACKEND-SILENT', 'an answer whose newline never comes is answered for, too'), () =>
    withBackend(
      badServer('missing-newline'),
      async (client) => {
        await client.initialize();
        expect(codeOf(await client.call('go', {}, 5))).toBe('backend_timeout');
      },
      { callIdleMs: 1000 },
    ),
  );

  it(verifies('ONE-ANSWER', 'a last line without a newline is answered once'), () =>
    withBackend(badServer('last-line-unended'), async (client) => {
      await client.initialize();
      await client.call('go', {}, 5);
      await client.ended();
      expect(client.answersTo(5)).toHaveLength(1);
    }),
  );

  it(verifies(['BACKEND-EXTRA-ANSWERS', 'ONE-ANSWER'], 'a second answer does not reach the client'), () =>
    withBackend(badServer('answers-twice'), async (client, home) => {
      await client.initialize();
      expect((await client.call('go', {}, 5)).result.content[0].text).toBe('first');
      await client.request('ping');
      expect(client.answersTo(5)).toHaveLength(1);
      expect(outcomes(home, 'p').filter((record) => record.requestId === '5')).toHaveLength(1);
    }),
  );

  it(verifies('BACKEND-EXTRA-ANSWERS', 'an answer to an unknown id does not reach the client'), () =>
    withBackend(badServer('answers-unknown'), async (client) => {
      await client.initialize();
      expect((await client.call('go')).result.content[0].text).toBe('asked');
      expect(client.answersTo('nobody asked')).toEqual([]);
    }),
  );

  it(
    verifies(
      ['BACKEND-EXTRA-ANSWERS', 'IDS-BY-TYPE'],
      'an answer with the id in another type does not reach the client',
    ),
    () =>
      withBackend(badServer('answers-other-type'), async (client) => {
        await client.initialize();
        expect((await client.call('go', {}, 5)).result.content[0].text).toBe('right type of id');
        expect(client.answersTo('5')).toEqual([]);
      }),
  );
});

describe('the end of a backend', () => {
  for (const mode of ['leaves-child', 'ignores-end']) {
    it(verifies('NOTHING-LEFT', `${mode}: the whole process group ends with the proxy`), async () => {
      await using home = new TempHome();
      const pids = join(home.base, 'pids');
      home.addProxy('p', { backend: badServer(mode, pids) });
      await using client = home.start('p');
      await client.initialize();
      const family = JSON.parse(readFileSync(pids, 'utf8')) as number[];
      expect((await client.end()).code).toBe(0);
      await allEnded(family);
      expect(records(home, 'p').at(-1)).toMatchObject({ type: 'session', event: 'closed' });
    });
  }
});
