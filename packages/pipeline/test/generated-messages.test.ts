import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPepUnderTest, initialize, result, turn } from './pep-under-test.ts';

const rules = `
  - { id: reads, effect: allow, when: { tool_name: "read_*" } }
  - { id: unknown, effect: allow, when: { mcp_method: "custom/*" } }
  - { id: writes, effect: ask, when: { tool_name: "write_*" } }
  - { id: deletes, effect: deny, when: { tool_name: "*delete*" } }
`;

const runs = 1000;
const messagesPerRun = 110;

// What an agent, or something that wants to get past the policy, could send.
const toolName = fc.constantFrom('read_a', 'read_b', 'write_a', 'delete_a', 'read_and_delete', 'other');
const keyText = (key: string) => {
  const cases = [
    key,
    key,
    key,
    key,
    key,
    key.toUpperCase(),
    `${key} `,
    key.replace('s', 'ſ').replace('k', 'K'),
  ];
  const escapes = [`\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}`, `${key}\\u0000`];
  return fc.constantFrom(...cases, ...escapes);
};
const idText = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 400 }).map(String) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 400 }).map((id) => `"${id}"`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('null', '1.5', '1e3', '-0', '9007199254740993', 'true', '{}', '"\\u0031"'),
  },
);
const valueText = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom(
    '12345678901234567890',
    '"\\ud83d\\ude00 é"',
    '"line\\u2028"',
    '{"__proto__":1}',
    '1.0',
    '"\\ud800"',
  ),
);
const member = (key: string, value: fc.Arbitrary<string>) =>
  fc.tuple(keyText(key), value).map(([name, text]) => `"${name}":${text}`);
const params = fc
  .tuple(
    fc.array(
      member(
        'name',
        toolName.map((name) => JSON.stringify(name)),
      ),
      { minLength: 1, maxLength: 2 },
    ),
    fc.array(member('arguments', valueText), { maxLength: 1 }),
    fc.array(
      fc
        .tuple(fc.constantFrom('"x"', '"_meta"', '"uri"'), valueText)
        .map(([key, value]) => `${key}:${value}`),
      { maxLength: 1 },
    ),
  )
  .map((lists) => `{${lists.flat().join(',')}}`);
const method = fc.constantFrom(
  'tools/call',
  'tools/call',
  'tools/call',
  'tools/list',
  'custom/thing',
  'prompts/get',
  'ping',
  'other/thing',
);
const request = fc.tuple(idText, method, params, fc.boolean()).map(([id, name, body, reversed]) => {
  const members = ['"jsonrpc":"2.0"', `"id":${id}`, `"method":"${name}"`, `"params":${body}`];
  return `{${(reversed ? members.reverse() : members).join(',')}}`;
});
const notification = fc.constantFrom(
  '{"jsonrpc":"2.0","method":"notifications/initialized"}',
  '{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}',
);
const mutated = fc.tuple(request, fc.nat(), fc.integer({ min: 32, max: 126 })).map(([text, at, code]) => {
  const place = at % text.length;
  return text.slice(0, place) + String.fromCharCode(code) + text.slice(place + (at % 3 === 0 ? 0 : 1));
});
const line = fc.oneof(
  { weight: 10, arbitrary: request },
  { weight: 3, arbitrary: mutated },
  { weight: 1, arbitrary: notification },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\n', ' ')) },
  { weight: 1, arbitrary: fc.array(request, { maxLength: 3 }).map((members) => `[${members.join(',')}]`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '[[]]',
      '{}',
      'null',
      '"x"',
      '['.repeat(80),
      `{"a":${'['.repeat(70)}${']'.repeat(70)}}`,
    ),
  },
);
/** How the far side treats what reaches it. */
const behaviour = fc.constantFrom('answer', 'answer', 'answer', 'twice', 'wrong_id', 'unreadable', 'noise');

/** Every reading a JSON parser could make of an object's members: the last wins, the first wins, case is ignored. */
function readings(text: string): { method: unknown; name: unknown }[] {
  const last = JSON.parse(text) as { method?: unknown; params?: { name?: unknown } };
  const folded = foldKeys(last) as typeof last;
  const firstName = /"(?:name|\\u006eame)"\s*:\s*("(?:[^"\\]|\\.)*")/i.exec(text)?.[1];
  return [
    { method: last.method, name: last.params?.name },
    { method: folded.method, name: folded.params?.name },
    { method: last.method, name: firstName === undefined ? last.params?.name : JSON.parse(firstName) },
  ];
}

function foldKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fold = (key: string) =>
    key.toLowerCase().replaceAll('ſ', 's').replaceAll('K', 'k').split('\0')[0] ?? '';
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [fold(key), foldKeys(member)]));
}

/** The policy above, said again without the product's own code. */
const mayRun = ({ method: called, name }: { method: unknown; name: unknown }): boolean => {
  if (typeof called !== 'string') return false;
  if (called === 'tools/call') {
    return typeof name === 'string' && name.startsWith('read_') && !name.includes('delete');
  }
  return ['tools/list', 'ping'].includes(called) || /^(?:custom|notifications)\//.test(called);
};

/** Whether a line is a request a plain JSON reader would expect one answer to, and with which id. */
function expectsAnswer(text: string): unknown {
  try {
    const message = JSON.parse(text) as { id?: unknown; method?: unknown };
    return typeof message.method === 'string' && 'id' in message ? message.id : undefined;
  } catch {
    return undefined;
  }
}

it(`[GENERATED-MESSAGES] ${runs * messagesPerRun} generated messages: no crash, no request without its one answer, no decision that differs from what would run`, {
  timeout: 300_000,
}, async () => {
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(line, behaviour), { minLength: messagesPerRun, maxLength: messagesPerRun }),
      async (messages) => {
        const toAnswer: { id: string | number; how: string }[] = [];
        const sentLines = new Set(messages.map(([text]) => text));
        let how = 'answer';
        const pep = createPepUnderTest({
          rules,
          onServerLine: (text) => {
            if (!sentLines.has(text)) return;
            for (const reading of readings(text)) expect(mayRun(reading), text).toBe(true);
            const id = expectsAnswer(text);
            if (typeof id === 'string' || typeof id === 'number') toAnswer.push({ id, how });
          },
        });
        await initialize(pep);
        for (const [text, behave] of messages) {
          how = behave;
          sent++;
          const before = pep.atClient.length;
          const inFlight = pep.point.pendingForClient();
          await pep.say('client', text);
          const isForwarded = pep.point.pendingForClient() > inFlight;
          // At once: forwarded, or answered with an error, or nothing that could be answered.
          const answered = pep.atClient.slice(before);
          if (isForwarded) expect(answered).toEqual([]);
          else if (expectsAnswer(text) !== undefined) expect(answered.length, text).toBeGreaterThan(0);
          for (const { id, how: manner } of toAnswer.splice(0)) {
            const at = pep.atClient.length;
            const answer = JSON.stringify(result(id));
            if (manner === 'wrong_id') pep.server.push(Buffer.from(`${JSON.stringify(result('nobody'))}\n`));
            if (manner === 'noise') pep.server.push(Buffer.from('starting up…\n\u0000\n{"jsonrpc":"2.0"}\n'));
            const broken = answer.replace('"result"', '"result":1,"result"');
            pep.server.push(Buffer.from(`${manner === 'unreadable' ? broken : answer}\n`));
            if (manner === 'twice') pep.server.push(Buffer.from(`${answer}\n`));
            await turn();
            const answers = pep.atClient.slice(at).map((reply) => JSON.parse(reply) as { id: unknown });
            expect(
              answers.map((reply) => reply.id),
              text,
            ).toEqual([id]);
          }
        }
        expect(pep.point.pendingForClient()).toBe(0);
        // What reached the far side is what was sent, byte for byte.
        for (const reached of pep.atServer.filter((text) => !text.includes('"error"'))) {
          expect(sentLines.has(reached), reached).toBe(true);
        }
      },
    ),
    { numRuns: runs },
  );
  expect(sent).toBeGreaterThanOrEqual(100_000);
});
