import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openAccess } from '../src/access/open-access.ts';

it('[HISTORY-INCIDENTS-READ] marks outlive the manager, and marks that cannot be read lock nobody out', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'acp-marks-'));
  const file = join(dir, 'access.json');
  const open = () => openAccess({ file, log: () => undefined, incident: () => undefined });
  try {
    const first = open();
    const { session } = await first.unlock(first.createCode().code);
    first.marks.seenUntil(1_000);
    first.marks.seen(['crashes:1'], (marks) => marks);
    first.close();
    const second = open();
    expect(second.marks.now()).toEqual({ until: 1_000, ids: ['crashes:1'] });
    second.close();
    const stored = JSON.parse(readFileSync(file, 'utf8'));
    for (const marks of [
      undefined,
      'all',
      { until: 'ever', ids: [] },
      { until: -1, ids: [] },
      { until: 1, ids: {} },
    ]) {
      writeFileSync(file, JSON.stringify({ ...stored, marks }), { mode: 0o600 });
      const next = open();
      expect(next.problem).toBeUndefined();
      expect(next.marks.now()).toEqual({ until: 0, ids: [] });
      expect(next.sessions().map(({ id }) => id)).toEqual([session]);
      next.close();
    }
    const many = Array.from({ length: 2_000 }, (_, at) => `id ${at}`);
    writeFileSync(
      file,
      JSON.stringify({ ...stored, marks: { until: 9e15, ids: [7, 'x'.repeat(129), ...many] } }),
      { mode: 0o600 },
    );
    const bounded = open();
    // Beyond what a date can say it is no time; nothing has been seen then.
    expect(bounded.marks.now()).toEqual({ until: 0, ids: [] });
    bounded.close();
    writeFileSync(file, JSON.stringify({ ...stored, marks: { until: 8e15, ids: [7, ...many] } }), {
      mode: 0o600,
    });
    const future = open();
    expect(future.marks.now().until).toBeLessThanOrEqual(Date.now());
    expect(future.marks.now().ids).toEqual(many.slice(-500));
    future.close();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
