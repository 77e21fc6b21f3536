import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { plainServer } from '../resources/fixtures.ts';
import { records } from '../resources/journal.ts';
import { isRunning } from '../resources/process-table.ts';
import { TempHome } from '../resources/temp-home.ts';

/** A small disk of its own, mounted where the proxy keeps its logs. */
class SmallDisk implements AsyncDisposable {
  readonly folder: string;

  constructor(folder: string, kibibytes: number) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const options = `size=${kibibytes}k,mode=0700`;
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { encoding: 'utf8' });
    if (mounted.status !== 0) {
      throw new Error(`A tmpfs could not be mounted (this test needs root): ${mounted.stderr}`);
    }
  }

  remount(options: string): void {
    const { status, stderr } = spawnSync('mount', ['-o', `remount,${options}`, this.folder], {
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    spawnSync('umount', ['-l', this.folder]);
  }
}

for (const durability of ['sync', 'flush'] as const) {
  it(
    verifies(
      ['DISK-FAILS', 'DISK-RECOVERS', 'FAILED-JOURNAL-REFUSES'],
      `a disk that is really full refuses calls; space that returns lets them pass (${durability})`,
    ),
    async () => {
      await using home = new TempHome();
      await using disk = new SmallDisk(join(home.home, 'logs'), 512);
      const ran = join(home.base, 'ran');
      home.addProxy('p', { backend: plainServer('--ran', ran), durability });
      await using client = home.start('p');
      await client.initialize();
      const ballast = join(disk.folder, 'ballast');
      writeFileSync(ballast, '');
      const fill = (): void => {
        for (const size of [64 * 1024, 4096]) {
          const block = Buffer.alloc(size);
          try {
            for (;;) writeFileSync(ballast, block, { flag: 'a' });
          } catch {
            // Full.
          }
        }
      };
      let allowed = 0;
      let refused = 0;
      for (let id = 0; refused < 20; id++) {
        if (id === 20) fill();
        const { result } = await client.call('echo', { message: `n-${id}-` }, id);
        if (result.isError === true) {
          expect(result.structuredContent.code).toBe('journal_unavailable');
          expect(readFileSync(ran, 'utf8')).not.toContain(`n-${id}-`);
          refused++;
        } else allowed++;
        expect(id).toBeLessThan(1_000);
      }
      expect(allowed).toBeGreaterThanOrEqual(20);
      expect(isRunning(client.pid)).toBe(true);
      rmSync(ballast);
      const again = await client.call('echo', { message: 'after' }, 'after');
      expect(again.result.isError).toBeUndefined();
      expect(records(home, 'p').some((record) => record.type === 'incident')).toBe(true);
      expect((await client.end()).code).toBe(0);
      const verdict = await runCommand(home, ['audit', 'verify', '--proxy', 'p', '--json']);
      expect(verdict.code, verdict.stdout + verdict.stderr).toBe(0);
    },
  );
}

it(
  verifies(
    ['DISK-FAILS', 'DISK-RECOVERS'],
    'a disk that becomes read-only: start is refused with exit 10, and works when it can be written',
  ),
  async () => {
    await using home = new TempHome();
    await using disk = new SmallDisk(join(home.home, 'logs'), 512);
    home.addProxy('p', { backend: plainServer() });
    {
      await using client = home.start('p');
      await client.initialize();
      expect((await client.end()).code).toBe(0);
    }
    disk.remount('ro');
    {
      await using client = home.start('p');
      const answer = await client.request('initialize', { protocolVersion: '2025-11-25' }, 1);
      expect(answer.error?.data?.code).toBe('audit_unavailable');
      expect((await client.ended()).code).toBe(10);
    }
    disk.remount('rw');
    await using client = home.start('p');
    await client.initialize();
    expect((await client.call('echo')).result.isError).toBeUndefined();
    expect(existsSync(home.paths.auditDir('p'))).toBe(true);
  },
);
