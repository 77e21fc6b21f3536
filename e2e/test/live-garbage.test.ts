import { mkdirSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually, records } from '../resources/journal.ts';
import { TempHome } from '../resources/temp-home.ts';

const data = (value: unknown): string => JSON.stringify({ id: 1, result: { type: 'data', data: value } });
const welcome = data({ type: 'welcome', protocol: 1, manager: 'start_x' });

const answers: readonly (readonly [string, string])[] = [
  ['null', 'null'],
  ['no JSON', 'nonsense'],
  ['no text', '\u0000\u00ff{'],
  ['a list', '[[], null]'],
  ['no result', '{"id":1,"result":null}'],
  ['no error', '{"id":1,"error":null}'],
  ['an error of another shape', '{"id":1,"error":{"code":"x","data":1}}'],
  ['an error about nothing', '{"id":null,"error":{"code":-1,"message":"x","data":null}}'],
  ['a message that is null', data(null)],
  ['a welcome of another shape', data({ type: 'welcome', protocol: 'one' })],
  ['an event nobody knows', data({ type: 'farewell' })],
  ['a welcome, then null', `${welcome}\nnull`],
  ['a welcome, then a count that is none', `${welcome}\n${data({ type: 'watching', dashboards: 'many' })}`],
  ['an end at once', '{"id":1,"result":{"type":"stopped"}}'],
];

/** Says the same to everybody who says something. */
async function answering(path: string, words: string): Promise<AsyncDisposable & { asked(): number }> {
  let asked = 0;
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    socket.once('data', () => {
      asked++;
      socket.write(`${words}\n`, 'latin1');
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    asked: () => asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

it.each(answers)(
  verifies('LIVE-APART', 'a manager whose answer is %s is told of, asked again, and no session ends with it'),
  async (_what, words) => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    mkdirSync(home.paths.run, { mode: 0o700 });
    await using manager = await answering(home.paths.managerSocket, words);
    await using client = home.start('p');
    await client.initialize();
    await eventually('three attempts', async () => {
      const { result } = await client.call('echo', { message: 'still here' });
      expect(result.content[0].text).toBe('echo: still here');
      return manager.asked() >= 3;
    });
    await client.end();
    expect(client.exit).toMatchObject({ code: 0 });
    expect(client.stderr).not.toContain('TypeError');
    // Once for each reason in a row, and not at each attempt.
    const told = records(home, 'p').filter(({ type }) => type === 'incident');
    expect(told.length).toBeLessThanOrEqual(1);
  },
);
