import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually } from '../resources/journal.ts';
import type { LineClient } from '../resources/line-client.ts';
import { runSeed, seededRandom } from '../resources/seeded-random.ts';
import { TempHome } from '../resources/temp-home.ts';

const session: readonly string[] = [
  '{"jsonrpc":"2.0","id":ID,"method":"tools/list","params":{"cursor":"abc"}}',
  '{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{"name":"echo","arguments":{"message":"grüße 漢字"}}}',
  '{"jsonrpc":"2.0","id":"s-ID","method":"tools/call","params":{"name":"read_file","arguments":{"path":"a/b.txt","deep":[{"x":1.5e3}]}}}',
  '{"jsonrpc":"2.0","id":ID,"method":"resources/read","params":{"uri":"demo://thing/1","_meta":{"progressToken":7}}}',
  '{"jsonrpc":"2.0","id":ID,"method":"prompts/get","params":{"name":"greet","arguments":{"who":"you"}}}',
  '{"jsonrpc":"2.0","id":ID,"method":"vendor/extension","params":[1,2,{"three":null}]}',
  '{"jsonrpc":"2.0","id":ID,"method":"ping"}',
  '{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}',
];

/** Bytes that mean something to a parser, beside any byte at all. */
const telling = Buffer.from('{}[]",:\\/0129.eE+-tfnu\r\t \0\x1f\x7f\x80\xbf\xc0\xe2\xef\xf0\xff', 'latin1');

function mutate(line: Buffer, random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  const byte = (): number => (random() < 0.6 ? (telling[below(telling.length)] ?? 0) : below(256));
  let mutant = Buffer.from(line);
  for (let times = 1 + below(3); times > 0; times--) {
    const at = below(mutant.length);
    const kind = below(5);
    if (kind === 0) mutant[at] = byte();
    else if (kind === 1) mutant[at] = (mutant[at] ?? 0) ^ (1 << below(8));
    else if (kind === 2)
      mutant = Buffer.concat([mutant.subarray(0, at), Buffer.of(byte()), mutant.subarray(at)]);
    else if (kind === 3) mutant = Buffer.concat([mutant.subarray(0, at), mutant.subarray(at + 1)]);
    else {
      const piece = mutant.subarray(at, at + 1 + below(12));
      mutant = Buffer.concat([mutant.subarray(0, at), piece, piece, mutant.subarray(at + piece.length)]);
    }
  }
  // A line is what this test sends: a newline inside would make two.
  return Buffer.from(mutant.map((value) => (value === 10 ? 32 : value)));
}

/** Whether every reader would take the line for a request, and with which id. */
function readableRequest(line: Buffer): string | number | undefined {
  try {
    const message = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line));
    const { jsonrpc, id, method } = message as { jsonrpc: unknown; id: unknown; method: unknown };
    if (jsonrpc !== '2.0' || typeof method !== 'string') return undefined;
    return typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id)) ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Sends one line and resolves with what came for it. */
async function exchange(client: LineClient, line: Buffer, guard: string): Promise<number> {
  const before = client.messages.length;
  await client.sendLine(line);
  const id = readableRequest(line);
  const mine = () => client.messages.slice(before).filter((message) => message.id !== guard);
  if (id !== undefined) {
    await client.until(`an answer to ${line.toString('utf8')}`, () => (mine().length > 0 ? true : undefined));
  }
  await client.request('ping', undefined, guard);
  return mine().length;
}

it(
  verifies(
    ['MUTATED-LINES', 'ONE-ANSWER'],
    '1,000 byte-mutated lines: the session lives, each request is answered once',
  ),
  async () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    await using home = new TempHome();
    const ran = join(home.base, 'ran');
    home.addProxy('p', { backend: plainServer('--ran', ran), durability: 'flush' });
    await using client = home.start('p');
    await client.initialize();
    const wrong: string[] = [];
    for (let number = 1; number <= 1_000; number++) {
      const original = session[number % session.length] ?? '';
      const line = mutate(Buffer.from(original.replace('ID', String(number))), random);
      const answers = await exchange(client, line, `guard-${number}`);
      const expected = readableRequest(line) === undefined ? [0, 1] : [1];
      if (!expected.includes(answers)) wrong.push(`${answers} answers to ${line.toString('latin1')}`);
    }
    expect(wrong, `seed ${seed}`).toEqual([]);
    const counts = new Map<string, number>();
    for (const { id } of client.messages) {
      const key = JSON.stringify(id);
      if (id !== null && key.startsWith('"guard-')) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.values()].every((count) => count === 1)).toBe(true);
    // What arrived is unchanged text: every line that ran is one that two parsers read the same.
    const arrived = await eventually('the backend’s notes', () =>
      readFileSync(ran, 'utf8').trim().split('\n'),
    );
    for (const line of arrived) expect(() => JSON.parse(line), `seed ${seed}`).not.toThrow();
    expect((await client.end()).code).toBe(0);
    const verdict = await runCommand(home, ['audit', 'verify', '--proxy', 'p', '--json']);
    expect(verdict.code, verdict.stdout + verdict.stderr).toBe(0);
  },
);
