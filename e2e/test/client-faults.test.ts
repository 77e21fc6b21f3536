import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { badServer, plainServer } from '../resources/fixtures.ts';
import { decisionFor, eventually, outcomeOf, records } from '../resources/journal.ts';
import { LineClient } from '../resources/line-client.ts';
import { allEnded, peakMemory, treeOf } from '../resources/process-table.ts';
import { TempHome } from '../resources/temp-home.ts';

async function expectIntact(home: TempHome): Promise<void> {
  const verdict = await runCommand(home, ['audit', 'verify', '--proxy', 'p', '--json']);
  expect(verdict.code, verdict.stdout + verdict.stderr).toBe(0);
}

const closedProperly = (home: TempHome): boolean => {
  const last = records(home, 'p').at(-1);
  return last?.type === 'session' && last.event === 'closed';
};

describe('a client that goes away', () => {
  it(
    verifies('CLIENT-GONE', 'closes stdin while a call runs: the backend ends, the journal is closed'),
    async () => {
      await using home = new TempHome();
      const pids = join(home.base, 'pids');
      home.addProxy('p', { backend: badServer('leaves-child', pids) });
      await using client = home.start('p');
      await client.initialize();
      const family = JSON.parse(readFileSync(pids, 'utf8')) as number[];
      expect((await client.end()).code).toBe(0);
      await allEnded(family);
      expect(closedProperly(home)).toBe(true);
      await expectIntact(home);
    },
  );

  it(
    verifies('CLIENT-GONE', 'half-closes: what it asked before is answered or recorded, then the proxy ends'),
    async () => {
      await using home = new TempHome();
      home.addProxy('p', { backend: plainServer() });
      await using client = home.start('p');
      await client.initialize();
      await client.sendRaw(
        '{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"echo","arguments":{}}}\n',
      );
      expect((await client.end()).code).toBe(0);
      const decision = decisionFor(home, 'p', '5');
      expect(decision).toMatchObject({ disposition: 'forwarded' });
      expect(outcomeOf(home, 'p', decision)).toBeDefined();
      expect(closedProperly(home)).toBe(true);
    },
  );

  it(
    verifies(
      ['CLIENT-GONE', 'NOTHING-LEFT'],
      'is killed: the proxy sees it, ends the backend’s group and closes the journal',
    ),
    async () => {
      await using home = new TempHome();
      const pids = join(home.base, 'pids');
      home.addProxy('p', { backend: badServer('leaves-child', pids) });
      // A client of its own process, so that its death closes the pipes as a real client's would.
      const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.argv[1], process.argv.slice(2), { stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}\\n');
      child.stdout.pipe(process.stdout);`;
      await using parent = new LineClient({
        command: process.execPath,
        args: ['-e', script, ...home.startCommand('p')],
        env: home.env,
        cwd: home.base,
      });
      await parent.answerTo(1);
      const everyone = [...treeOf(parent.pid), ...(JSON.parse(readFileSync(pids, 'utf8')) as number[])];
      process.kill(parent.pid, 'SIGKILL');
      await allEnded([...new Set(everyone)]);
      expect(closedProperly(home)).toBe(true);
      await expectIntact(home);
    },
  );

  it(verifies('CLIENT-GONE', 'SIGTERM ends the proxy as properly as the end of stdin does'), async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    await using client = home.start('p');
    await client.initialize();
    const family = treeOf(client.pid);
    client.child.kill('SIGTERM');
    await client.ended();
    await allEnded(family);
    expect(closedProperly(home)).toBe(true);
  });
});

it(
  verifies(
    'CLIENT-STALLED',
    'a client that stops reading is waited for in bounded memory, and loses nothing',
  ),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer(), durability: 'flush', payloads: 'none' });
    await using client = home.start('p');
    await client.initialize();
    client.child.stdout.pause();
    const message = 'x'.repeat(64 * 1024);
    const calls = 2_000;
    const writing = (async () => {
      for (let id = 1; id <= calls; id++) {
        await client.sendLine(
          `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"echo","arguments":{"message":"${message}"}}}`,
        );
      }
    })();
    // 2,000 answers of 64 KiB are 128 MB: the pause is long enough for a proxy without a bound to take them all.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    if (process.platform === 'linux') expect(peakMemory(client.pid)).toBeLessThan(192 * 1024 * 1024);
    client.child.stdout.resume();
    await writing;
    for (let id = 1; id <= calls; id++) await client.answerTo(id);
    expect(client.messages.filter((each) => typeof each.id === 'number')).toHaveLength(calls);
    await eventually('an outcome for each call', () => {
      const ended = records(home, 'p').filter(
        (record) => record.type === 'outcome' && record.method === 'tools/call',
      );
      return ended.length === calls;
    });
  },
);
