import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Journal } from '../src/journal.ts';
import { openPayloadStore } from '../src/payload-store.ts';
import {
  type AuditFolder,
  auditFolder,
  deadProcess,
  decision,
  letDie,
  newInstance,
  outcome,
  recordBytes,
  turn,
} from './audit-folder.ts';
import { type Fault, type FaultyDisk, faultyDisk, PowerFailure } from './faulty-disk.ts';

interface Run {
  /** Marks of records that were reported durable, and of all that were appended and not reported lost. */
  readonly durable: Set<string>;
  readonly kept: Map<number, string>;
  readonly opened: boolean;
  readonly closed: boolean;
}

/** One life of a journal on a disk: some turns with records of both kinds, then a proper end. */
async function live(
  folder: AuditFolder,
  disk: FaultyDisk,
  durability: 'sync' | 'flush' = 'sync',
): Promise<Run> {
  const durable = new Set<string>();
  const kept = new Map<number, string>();
  const instance = newInstance();
  const payloads = openPayloadStore({ dir: `${folder.root}/payloads`, instance, disk });
  let journal: Journal;
  try {
    journal = folder.open({ disk, instance, payloads, durability, process: deadProcess });
  } catch (error) {
    if (!(error instanceof PowerFailure)) expect(error).toMatchObject({ code: 'audit_unavailable' });
    payloads.close();
    return { durable, kept, opened: false, closed: false };
  }
  const note = (): void => {
    for (const [seq, mark] of kept) if (seq <= journal.durable) durable.add(mark);
  };
  journal.listen({
    advanced: note,
    unsynced: (first) => expect(first).toBe(journal.durable + 1),
    lost: (first) => {
      expect(first).toBe(journal.written + 1);
      for (const seq of [...kept.keys()]) if (seq >= first) kept.delete(seq);
    },
  });
  for (let step = 0; step < 6; step++) {
    const mark = `${instance}-${step}`;
    const body = decision(mark, { payload: payloads.add(`{"step":${step}}`) });
    const seq = journal.append(body, { durable: step % 2 === 0 });
    kept.set(seq, mark);
    if (step === 2) kept.set(journal.append(decision(`${mark}b`)), `${mark}b`);
    if (step === 3) journal.append(outcome(seq));
    await turn();
    await turn();
  }
  let closed = true;
  try {
    await journal.close('done');
    note();
  } catch (error) {
    closed = false;
    expect(error).toMatchObject({ code: 'journal_unavailable' });
  }
  payloads.close();
  return { durable, kept, opened: true, closed };
}

async function marks(folder: AuditFolder): Promise<Set<string>> {
  const records = await folder.records();
  return new Set(
    records.flatMap((record) => ('requestId' in record ? [JSON.parse(record.requestId ?? '""')] : [])),
  );
}

const faults: readonly Fault[] = ['ENOSPC', 'EIO', 'short'];

async function countOperations(): Promise<number> {
  using folder = auditFolder();
  const disk = faultyDisk();
  const run = await live(folder, disk);
  expect(run).toMatchObject({ opened: true, closed: true });
  expect(run.durable.size).toBe(7);
  expect(disk.reservations).toBe(1);
  return disk.operations.length;
}

async function expectWhole(folder: AuditFolder, run: Run, what: string): Promise<void> {
  const before = await folder.verify();
  if (before.verdict === 'tampered') expect.fail(`${what}: ${JSON.stringify(before)}`);
  for (const healed of folder.heal()) expect([what, healed]).toMatchObject([what, { result: 'healed' }]);
  const after = await folder.verify();
  if (after.verdict !== 'ok') expect.fail(`${what}, healed: ${JSON.stringify(after)}`);
  const found = await marks(folder);
  for (const mark of run.durable) if (!found.has(mark)) expect.fail(`${what}: ${mark} is missing`);
}

describe('a disk that fails', () => {
  for (const times of [1, 3]) {
    for (const fault of faults) {
      test(`${fault} at each operation, ${times} in a row: nothing kept is missing, the journal verifies`, async () => {
        const total = await countOperations();
        for (let at = 1; at <= total; at++) {
          using folder = auditFolder();
          const disk = faultyDisk({ at, times, fault });
          const run = await live(folder, disk);
          const what = `${fault} at ${at} (${disk.operations[at - 1]})`;
          await expectWhole(folder, run, what);
          const found = await marks(folder);
          if (run.opened) {
            for (const mark of run.kept.values()) if (!found.has(mark)) expect.fail(`${what}: kept ${mark}`);
          }
        }
      }, 60_000);
    }
  }

  test('tells of lost records in the emergency file and in the journal, and works again', async () => {
    using folder = auditFolder();
    const disk = faultyDisk();
    const journal = folder.open({ disk });
    const lost: number[] = [];
    journal.listen({
      advanced: () => undefined,
      lost: (first) => lost.push(first),
      unsynced: () => undefined,
    });
    disk.plan = { at: disk.operations.length + 1, times: 1000, fault: 'ENOSPC' };
    journal.append(decision('a'), { durable: true });
    journal.append(decision('b'));
    await turn();
    journal.append(decision('c'));
    await turn();
    await turn();
    expect(lost).toEqual([2, 2]);
    disk.plan = { at: 0, fault: 'EIO' };
    expect(journal.append(decision('d'), { durable: true })).toBe(3);
    await turn();
    await turn();
    expect(journal.durable).toBe(3);
    await journal.close('done');
    const records = await folder.records();
    expect(records.map((record) => record.type)).toEqual(['session', 'incident', 'decision', 'session']);
    expect(records[1]).toMatchObject({ code: 'journal_unavailable', detail: 'ENOSPC', count: 3 });
    expect((await folder.verify()).verdict).toBe('ok');
  });

  test('the emergency file takes a line while the journal takes none, and never grows', async () => {
    using folder = auditFolder();
    const disk = faultyDisk();
    const journal = folder.open({ disk });
    const size = fs.statSync(folder.emergencyFile).size;
    disk.plan = { at: disk.operations.length + 1, fault: 'ENOSPC' };
    journal.append(decision('a'));
    await turn();
    await journal.close('done');
    const text = fs.readFileSync(folder.emergencyFile, 'utf8');
    expect(text.length).toBe(size);
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] as string)).toMatchObject({
      code: 'journal_unavailable',
      detail: 'ENOSPC',
      proxyId: folder.proxyId,
      proxyName: 'files',
      instance: journal.instance,
    });
  });

  test('a failed sync is reported, and the next commit writes and syncs that region again', async () => {
    using folder = auditFolder();
    const disk = faultyDisk();
    const journal = folder.open({ disk, process: deadProcess });
    const unsynced: number[] = [];
    journal.listen({
      advanced: () => undefined,
      lost: () => undefined,
      unsynced: (first) => unsynced.push(first),
    });
    disk.plan = { at: disk.operations.length + 2, fault: 'EIO' };
    journal.append(decision('a'), { durable: true });
    await turn();
    expect([journal.written, journal.durable, unsynced]).toEqual([2, 1, [2]]);
    journal.append(decision('b'), { durable: true });
    await turn();
    await turn();
    expect(journal.durable).toBe(4);
    disk.cutPower(() => 0);
    const records = await folder.records();
    expect(records.map((record) => record.type)).toEqual(['session', 'decision', 'incident', 'decision']);
  });

  test('where nothing but the end is synced, a failure at any operation loses nothing that was kept', async () => {
    for (let at = 1; at <= (await countOperations()); at++) {
      using folder = auditFolder();
      const run = await live(folder, faultyDisk({ at, times: 2, fault: 'ENOSPC' }), 'flush');
      await expectWhole(folder, { ...run, durable: new Set(run.kept.values()) }, `flush, at ${at}`);
    }
  }, 60_000);

  test('a slow disk is synced off the event loop, many records at once', async () => {
    using folder = auditFolder();
    const disk = faultyDisk();
    let now = 0;
    const clock = { now: () => Date.now(), monotonicMs: () => now };
    const journal = folder.open({ disk, clock });
    const inline = disk.syncInline;
    let inlineSyncs = 0;
    disk.syncInline = (fd) => {
      inlineSyncs++;
      now += 20;
      inline(fd);
    };
    let waiting: (() => void)[] = [];
    const sync = disk.sync;
    disk.sync = (fd, done) => void waiting.push(() => sync(fd, done));
    const release = async (): Promise<void> => {
      const held = waiting;
      waiting = [];
      for (const go of held) go();
      await turn();
      await turn();
    };
    const failures: number[] = [];
    journal.listen({
      advanced: () => undefined,
      lost: () => undefined,
      unsynced: (first) => failures.push(first),
    });
    const commit = async (): Promise<number> => {
      const seq = journal.append(decision('a'), { durable: true });
      await turn();
      return seq;
    };
    expect(journal.durable).toBe(1);
    expect(await commit()).toBe(journal.durable);
    const first = await commit();
    for (let count = 0; count < 5; count++) await commit();
    expect([inlineSyncs, waiting.length, journal.written, journal.durable]).toEqual([1, 1, 8, 2]);
    await release();
    expect([waiting.length, journal.durable]).toEqual([1, first]);
    await release();
    expect([waiting.length, journal.durable]).toEqual([0, 8]);
    disk.plan = { at: disk.operations.length + 2, fault: 'EIO' };
    await commit();
    await release();
    expect([journal.durable, failures]).toEqual([8, [9]]);
    await commit();
    await release();
    expect(journal.durable).toBe(journal.written);
    disk.syncInline = inline;
    for (let count = 0; count < 20; count++) {
      await commit();
      await release();
    }
    expect(await commit()).toBe(journal.durable);
    disk.sync = sync;
    await journal.close('done');
    expect((await folder.verify()).verdict).toBe('ok');
  });

  test('a record that nobody waits for is synced soon all the same', async () => {
    using folder = auditFolder();
    const journal = folder.open();
    const seq = journal.append(decision('a'));
    await turn();
    expect(journal.written).toBe(seq);
    await expect.poll(() => journal.durable).toBe(seq);
    await journal.close('done');
    expect(() => journal.append(decision('b'))).toThrow(
      expect.objectContaining({ code: 'journal_unavailable' }),
    );
  });

  test('refuses when too much waits for a disk that does not sync, and works again when it does', async () => {
    using folder = auditFolder();
    const disk = faultyDisk();
    const journal = folder.open({ disk });
    const sync = disk.syncInline;
    disk.syncInline = () => {
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
    };
    const append = (): number => journal.append(decision('a', { resource: 'x'.repeat(500_000) }));
    const fill = async (): Promise<void> => {
      for (let count = 0; count < 100; count++) {
        append();
        await turn();
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'journal_unavailable' });
    disk.syncInline = sync;
    await expect
      .poll(
        () => {
          try {
            return append();
          } catch {
            return 0;
          }
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(0);
    await journal.close('done');
    expect((await folder.verify()).verdict).toBe('ok');
  });

  test('a payload that cannot be stored is counted in the journal, and the call goes on', async () => {
    using folder = auditFolder();
    const disk = faultyDisk();
    const instance = newInstance();
    const payloads = openPayloadStore({ dir: `${folder.root}/payloads`, instance, disk });
    const journal = folder.open({ disk, instance, payloads });
    journal.append(decision('a', { payload: payloads.add('{}') }), { durable: true });
    // The record is written at the end of this turn, its payload right after.
    await Promise.resolve();
    disk.plan = { at: disk.operations.length + 1, times: 1, fault: 'ENOSPC' };
    await turn();
    journal.append(decision('b', { payload: payloads.add('{}') }), { durable: true });
    await turn();
    await journal.close('done');
    payloads.close();
    const incidents = (await folder.records()).filter((record) => record.type === 'incident');
    expect(incidents).toMatchObject([
      { code: 'payloads_unavailable', count: 1, detail: 'ENOSPC' },
      { code: 'payloads_unavailable', count: 1 },
    ]);
  });
});

describe('space reserved ahead', () => {
  const write = async (journal: Journal, times: number, length: number): Promise<void> => {
    for (let count = 0; count < times; count++) {
      journal.append(decision(String(count), { resource: 'x'.repeat(length) }), { durable: true });
      await turn();
    }
  };

  test('is there again before it is used up, is overwritten, and is given back at the end', async () => {
    using folder = auditFolder();
    const disk = faultyDisk();
    const journal = folder.open({ disk });
    const path = `${folder.auditDir}/${journal.instance}.0001.jsonl`;
    expect(fs.statSync(path).size).toBe(recordBytes(path).length);
    for (const length of [10, 20_000, 70_000, 400_000, 10]) {
      await write(journal, 20, length);
      // Behind the last sync, which a slow disk may still be at.
      await expect.poll(() => fs.statSync(path).size - recordBytes(path).length).toBeGreaterThan(100_000);
      expect(await folder.verify()).toMatchObject({ verdict: 'ok', bytes: recordBytes(path).length });
    }
    expect(disk.reservations).toBeGreaterThan(10);
    await journal.close('done');
    expect(fs.statSync(path).size).toBe(recordBytes(path).length);
    expect(await folder.records()).toHaveLength(102);
    expect((await folder.verify()).verdict).toBe('ok');
  });

  test('that the disk does not give is gone without, and asked for again after a second', async () => {
    using folder = auditFolder();
    const disk = faultyDisk();
    let now = 0;
    const clock = { now: () => Date.now(), monotonicMs: () => now };
    const journal = folder.open({ disk, clock });
    const failures: unknown[] = [];
    journal.listen({
      advanced: () => undefined,
      lost: (_first, error) => failures.push(error),
      unsynced: (_first, error) => failures.push(error),
    });
    const { write: take } = disk;
    let asked = 0;
    let taken = 0;
    disk.write = (fd, bytes, position) => {
      if (bytes[0] !== 0) return take(fd, bytes, position);
      asked++;
      if (asked === 2) return take(fd, bytes.subarray(0, 1000), position);
      if (asked === 3) {
        taken++;
        return take(fd, bytes, position);
      }
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    };
    for (let second = 1; second <= 3; second++) {
      await write(journal, 10, 500);
      expect(asked).toBe(second);
      now += 1000;
    }
    expect([taken, failures, journal.durable]).toEqual([1, [], 31]);
    await journal.close('done');
    expect(await folder.records()).toHaveLength(32);
    expect(await folder.verify()).toMatchObject({ verdict: 'ok' });
  });

  test('is not asked for where nothing but the end is synced', async () => {
    using folder = auditFolder();
    const disk = faultyDisk();
    const journal = folder.open({ disk, durability: 'flush' });
    await write(journal, 20, 100);
    expect(disk.reservations).toBe(0);
    await journal.close('done');
  });
});

/** Numbers in [0, 1) that are the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a power failure', () => {
  for (const fault of ['crash-before', 'crash-after'] as const) {
    test(`${fault} each operation takes nothing that was durable and looks like no tampering`, async () => {
      const total = await countOperations();
      for (let at = 1; at <= total; at++) {
        for (let seed = 0; seed < 3; seed++) {
          using folder = auditFolder();
          const disk = faultyDisk({ at, fault });
          const run = await live(folder, disk);
          disk.cutPower(numbers(at * 31 + seed));
          await expectWhole(folder, run, `${fault} ${at} (${disk.operations[at - 1]}) seed ${seed}`);
        }
      }
    }, 60_000);
  }

  test('at each operation of healing leaves a stream that the next healer heals', async () => {
    let at = 1;
    for (let finished = false; !finished; at++) {
      for (let seed = 0; seed < 6; seed++) {
        using folder = auditFolder();
        const cut = folder.open({ process: deadProcess });
        cut.append(decision('a'), { durable: true });
        await turn();
        await turn();
        cut.flushNow();
        letDie(cut);
        const path = `${folder.auditDir}/${cut.instance}.0001.jsonl`;
        const torn = fs.openSync(path, 'r+');
        fs.writeSync(torn, '{"class":"acc', recordBytes(path).length);
        fs.closeSync(torn);
        const disk = faultyDisk({ at, fault: seed % 2 === 0 ? 'crash-before' : 'crash-after' });
        try {
          folder.heal({ disk, process: deadProcess });
        } catch (error) {
          expect(error).toBeInstanceOf(PowerFailure);
        }
        finished = !disk.crashed;
        if (disk.crashed) disk.cutPower(numbers(at * 7 + seed));
        const run = { durable: new Set(['a']), kept: new Map(), opened: true, closed: false };
        await expectWhole(
          folder,
          run,
          `healing, power off at ${at} (${disk.operations[at - 1]}), seed ${seed}`,
        );
        const recovered = (await folder.records()).filter((record) => record.type === 'recovered');
        expect(recovered).toMatchObject([{ cutBytes: 13 }]);
      }
    }
    expect(at).toBeGreaterThan(10);
  }, 60_000);
});
