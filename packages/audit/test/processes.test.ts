import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { liveInstances } from '../src/live-instances.ts';
import { readRecords } from '../src/read-records.ts';
import { auditFolder, newInstance } from './audit-folder.ts';

const script = fileURLToPath(new URL('./writer-process.ts', import.meta.url));

interface Writer {
  readonly child: ChildProcess;
  readonly opened: Promise<unknown>;
  /** What it was told is durable. A line that the kill cut off was not said. */
  acknowledged(): string[];
}

function writer(root: string): Writer {
  const child = spawn(process.execPath, ['--import', 'tsx', script, root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const opened = once(child.stdout, 'data');
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return {
    child,
    opened,
    acknowledged: () =>
      text
        .split('\n')
        .slice(0, -1)
        .filter((line) => line.startsWith('inst_')),
  };
}

async function kill({ child }: Writer): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}

test('eight processes of one proxy, killed at random moments: nothing acknowledged is missing, nothing is called tampering', async () => {
  using folder = auditFolder();
  const acknowledged: string[] = [];
  const writers: Writer[] = [];
  try {
    for (let round = 0; round < 2; round++) {
      writers.push(...Array.from({ length: 8 }, () => writer(folder.root)));
      await Promise.all(writers.map(({ opened }) => opened));
      expect(liveInstances(folder.auditDir)).toHaveLength(8);
      for (let look = 0; look < 5; look++) {
        const { verdict, streams, ledger } = await folder.verify();
        if (verdict === 'tampered') expect.fail(JSON.stringify({ streams, ledger }));
      }
      const onDamage = (line: unknown): never => expect.fail(JSON.stringify(line));
      for await (const record of readRecords(folder.auditDir, { newestFirst: round === 0, onDamage })) {
        if (record.seq < 1) expect.fail(JSON.stringify(record));
      }
      for (const killed of writers) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
        await kill(killed);
        acknowledged.push(...killed.acknowledged());
      }
      writers.length = 0;
      const { verdict, streams, ledger } = await folder.verify();
      if (verdict === 'tampered') expect.fail(JSON.stringify({ streams, ledger }));
      expect(liveInstances(folder.auditDir)).toEqual([]);
    }
  } finally {
    await Promise.all(writers.map(kill));
  }
  for (const healed of folder.heal()) expect(healed).toMatchObject({ result: 'healed' });
  const after = await folder.verify();
  expect(after.streams.filter((stream) => stream.state !== 'closed' || stream.verdict !== 'ok')).toEqual([]);
  expect(after).toMatchObject({ verdict: 'ok' });
  expect(after.streams).toHaveLength(16);
  const found = new Set(
    (await folder.records()).map((record) =>
      record.type === 'decision' ? JSON.parse(record.requestId ?? '""') : '',
    ),
  );
  expect(acknowledged.length).toBeGreaterThan(100);
  expect(acknowledged.filter((mark) => !found.has(mark))).toEqual([]);
}, 180_000);

test('of two healers one wins', async () => {
  using folder = auditFolder();
  const victim = writer(folder.root);
  await victim.opened;
  await kill(victim);
  const healers = [writer(folder.root), writer(folder.root), writer(folder.root)];
  await Promise.all(healers.map(({ opened }) => opened));
  folder.heal({ by: newInstance() });
  await Promise.all(healers.map(kill));
  folder.heal();
  const recovered = (await folder.records()).filter((record) => record.type === 'recovered');
  expect(recovered).toHaveLength(4);
  expect((await folder.verify()).verdict).toBe('ok');
}, 30_000);
