import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AcpError } from '@mcp-acp/shared/errors';
import { expect, test } from 'vitest';
import { openSystemLog } from '../src/process/system-log.ts';

function logFolder() {
  const dir = mkdtempSync(join(tmpdir(), 'acp-system-log-'));
  return {
    dir,
    file: join(dir, 'manager', 'system.jsonl'),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}
const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('[SYSTEM-LOG] a request leaves one line that leads to its records', () => {
  using folder = logFolder();
  const log = openSystemLog(folder.file);
  const request = 'req_abcdefghijklmnop';
  log.request({ request, method: 'GET', path: '/trpc/proxies.list', status: 200, durationMs: 1.23456 });
  log.record({
    request,
    kind: 'mutation',
    path: 'proxy.reload',
    caller: 'page',
    status: 404,
    code: 'proxy_unknown',
    durationMs: 2,
    proxy: 'files',
  });
  log.fault(new AcpError('internal', 'broken'), 'manager.status');
  log.close();
  const lines = linesOf(folder.file);
  expect(lines).toMatchObject([
    {
      level: 'info',
      event: 'request',
      request,
      method: 'GET',
      path: '/trpc/proxies.list',
      status: 200,
      durationMs: 1.235,
    },
    {
      level: 'warn',
      event: 'operation',
      request,
      method: 'mutation',
      status: 404,
      code: 'proxy_unknown',
      proxy: 'files',
    },
    { level: 'error', event: 'fault', path: 'manager.status', detail: expect.stringContaining('broken') },
  ]);
  for (const { time } of lines) expect(new Date(time).toISOString()).toBe(time);
  expect(statSync(folder.file).mode & 0o777).toBe(0o600);
});

test('[SYSTEM-LOG] it is bounded: four files, the oldest lines go', () => {
  using folder = logFolder();
  const log = openSystemLog(folder.file, { bytes: 4096, files: 4 });
  for (let index = 0; index < 2_000; index++) log.write('info', 'filler', { index });
  log.close();
  const names = readdirSync(join(folder.dir, 'manager')).sort();
  expect(names).toEqual(['system.jsonl', 'system.jsonl.1', 'system.jsonl.2', 'system.jsonl.3']);
  const all = [...names].reverse().flatMap((name) => linesOf(join(folder.dir, 'manager', name)));
  for (const name of names)
    expect(statSync(join(folder.dir, 'manager', name)).size).toBeLessThanOrEqual(4096);
  // Without a gap up to the last one.
  expect(all.map(({ index }) => index)).toEqual(all.map((_, place) => 2_000 - all.length + place));
});

test('[SYSTEM-LOG] a line is bounded, and is one line whatever a text holds', () => {
  using folder = logFolder();
  const log = openSystemLog(folder.file);
  log.write('warn', 'foreign', { detail: `a\nb\u2028c"\u0000${'x'.repeat(10_000)}` });
  log.close();
  const text = readFileSync(folder.file, 'utf8');
  expect(text.split('\n')).toHaveLength(2);
  expect(text.length).toBeLessThan(2_500);
  expect(JSON.parse(text).detail).toMatch(/…$/);
});

test('[SYSTEM-LOG] one that cannot be written never throws, and says how many lines are missing', () => {
  using folder = logFolder();
  const log = openSystemLog(folder.file);
  mkdirSync(folder.file, { recursive: true });
  log.write('info', 'one');
  log.write('info', 'two');
  rmSync(folder.file, { recursive: true });
  log.write('info', 'three');
  log.close();
  log.close();
  expect(linesOf(folder.file)).toMatchObject([{ event: 'lines_lost', lines: 2 }, { event: 'three' }]);
});
