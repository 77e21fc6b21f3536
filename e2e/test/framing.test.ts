import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { records } from '../resources/journal.ts';
import { TempHome } from '../resources/temp-home.ts';

const echo = (id: number, message: string): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"echo","arguments":{"message":"${message}"}}}\n`;

it(
  verifies(
    'WIRE-BYTES',
    'a message that comes byte by byte, and many that come at once, are the same messages',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    await using client = home.start('p');
    await client.initialize();
    const message = 'grüße 漢字 🚀';
    for (const byte of Buffer.from(echo(1, message))) {
      await client.sendRaw(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await client.answerTo(1)).result.content[0].text).toBe(`echo: ${message}`);
    await client.sendRaw(Array.from({ length: 100 }, (_, index) => echo(index + 2, message)).join(''));
    for (let id = 2; id < 102; id++) {
      expect((await client.answerTo(id)).result.content[0].text).toBe(`echo: ${message}`);
    }
  },
);

it(
  verifies(
    ['ONE-ANSWER', 'INTENT-DURABLE'],
    '10,000 calls sent without waiting are each answered once, and recorded',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer(), payloads: 'none' });
    await using client = home.start('p');
    await client.initialize();
    const count = 10_000;
    for (let from = 0; from < count; from += 500) {
      await client.sendRaw(
        Array.from({ length: 500 }, (_, index) => echo(from + index, String(from + index))).join(''),
      );
    }
    await client.until('all answers', () => (client.messages.length > count ? true : undefined));
    const answered = client.messages.filter(({ id }) => typeof id === 'number');
    expect(new Set(answered.map(({ id }) => id)).size).toBe(count);
    expect(answered).toHaveLength(count);
    const wrong = answered.filter(({ id, result }) => result?.content?.[0]?.text !== `echo: ${id}`);
    expect(wrong).toEqual([]);
    const ran = records(home, 'p').filter(
      (record) => record.type === 'outcome' && record.method === 'tools/call',
    );
    expect(ran).toHaveLength(count);
  },
);

it(verifies('WIRE-BYTES', 'a message of 12 MB passes both ways unchanged'), async () => {
  await using home = new TempHome();
  home.addProxy('p', { backend: plainServer() });
  await using client = home.start('p');
  await client.initialize();
  const message = 'naïve 漢字 '.repeat(700_000);
  const { result } = await client.call('echo', { message }, 1);
  expect(result.content[0].text === `echo: ${message}`).toBe(true);
});
