import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { limitFileSize } from '../resources/file-size-limit.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually, outcomes, streamFiles } from '../resources/journal.ts';
import { isRunning } from '../resources/process-table.ts';
import { TempHome } from '../resources/temp-home.ts';

const durabilities = process.platform === 'linux' ? (['sync', 'flush'] as const) : [];

it('says so where it cannot run', () => {
  if (durabilities.length > 0) return;
  process.stderr.write(
    'Not tried here: only Linux can lower the file size limit of a running process (prlimit).\n',
  );
});

for (const durability of durabilities) {
  it(
    verifies(
      [
        'DISK-FAILS',
        'DISK-RECOVERS',
        'FAILED-JOURNAL-REFUSES',
        'FAILED-JOURNAL-CANCELS',
        'FAILED-JOURNAL-INCIDENT',
      ],
      `when the journal cannot grow (${durability}), calls are refused, cancellations pass, and all recovers`,
    ),
    async () => {
      await using home = new TempHome();
      const ran = join(home.base, 'ran');
      home.addProxy('p', { backend: plainServer('--ran', ran), durability, payloads: 'none' });
      await using client = home.start('p');
      await client.initialize();
      const notes = (): string => (existsSync(ran) ? readFileSync(ran, 'utf8') : '');
      expect((await client.call('echo', { message: 'before' }, 1)).result.isError).toBeUndefined();
      await client.sendLine('{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"slow"}}');
      await eventually('the slow call at the backend', () => notes().includes('"slow"'));

      // The second place is a file of 64 KiB that exists already: the limit must lie beyond it.
      const [stream = ''] = streamFiles(home, 'p');
      // The file's size counts the space reserved behind the records.
      const end = () => readFileSync(stream).lastIndexOf(0x0a) + 1;
      for (let id = 1000; end() < 80 * 1024; id++) await client.call('echo', {}, id);
      limitFileSize(client.pid, end());
      for (const id of [3, 4, 5]) {
        const refused = await client.call('echo', { message: 'during' }, id);
        expect(refused.result).toMatchObject({
          isError: true,
          structuredContent: { code: 'journal_unavailable' },
        });
      }
      const discovery = await client.request('tools/list', undefined, 6);
      expect(discovery.error).toMatchObject({ data: { code: 'journal_unavailable' } });
      expect(notes()).not.toContain('during');
      await client.notify('notifications/cancelled', { requestId: 2 });
      await eventually('the cancellation at the backend', () => notes().includes('notifications/cancelled'));
      expect(isRunning(client.pid)).toBe(true);
      await eventually('an incident in the second place', () =>
        readFileSync(home.paths.incidents.emergency, 'utf8').includes('journal_unavailable'),
      );

      limitFileSize(client.pid, 'unlimited');
      expect((await client.call('echo', { message: 'after' }, 7)).result.isError).toBeUndefined();
      expect(outcomes(home, 'p').some((record) => record.requestId === '7')).toBe(true);
      expect((await client.end()).code).toBe(0);
      const verdict = await runCommand(home, ['audit', 'verify', '--proxy', 'p', '--json']);
      expect(verdict.code, verdict.stdout + verdict.stderr).toBe(0);
    },
  );
}
