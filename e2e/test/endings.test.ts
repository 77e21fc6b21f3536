import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { badServer, plainServer } from '../resources/fixtures.ts';
import { allEnded } from '../resources/process-table.ts';
import { TempHome } from '../resources/temp-home.ts';

const initialize =
  '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}\n';
const call = (id: number, message: string): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'echo', arguments: { message } } })}\n`;

/** A client that handles its pipes itself, as a careless one would. */
function start(home: TempHome): ChildProcessWithoutNullStreams & AsyncDisposable {
  const [command, ...args] = home.startCommand('p');
  const child = spawn(command ?? '', args, { env: home.env });
  child.stdin.on('error', () => undefined);
  return Object.assign(child, {
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
  });
}

it(verifies('NOTHING-LEFT', 'a backend that dies takes with it what it left in its group'), async () => {
  await using home = new TempHome();
  const pids = join(home.base, 'pids');
  home.addProxy('p', { backend: badServer('leaves-child', pids) });
  await using client = start(home);
  client.stderr.resume();
  client.stdin.write(initialize);
  await once(client.stdout, 'data');
  const family = JSON.parse(readFileSync(pids, 'utf8')) as number[];
  process.kill(family[0] ?? 0, 'SIGKILL');
  const [code] = (await once(client, 'exit')) as [number];
  expect(code).toBe(1);
  await allEnded(family);
});

it(
  verifies(
    'CLIENT-STALLED',
    'a client that never reads its answers and closes its side does not keep the proxy',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    await using client = start(home);
    client.stderr.resume();
    client.stdin.write(initialize);
    for (let id = 2; id < 40; id++) client.stdin.write(call(id, 'x'.repeat(500_000)));
    client.stdin.end();
    const [code] = (await once(client, 'exit')) as [number];
    expect(code).toBe(0);
  },
);

it(verifies('BACKEND-NOISE', 'a client that closes our stderr goes on being answered'), async () => {
  await using home = new TempHome();
  home.addProxy('p', { backend: badServer('floods-stderr') });
  await using client = start(home);
  client.stderr.destroy();
  client.stdin.write(initialize);
  await once(client.stdout, 'data');
  client.stdin.write(call(2, 'hello'));
  const [answer] = (await once(client.stdout, 'data')) as [Buffer];
  expect(JSON.parse(answer.toString('utf8').split('\n')[0] ?? '')).toMatchObject({ id: 2 });
  client.stdin.end();
  await once(client, 'exit');
});
