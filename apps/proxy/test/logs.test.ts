import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { End, EndListener } from '@mcp-acp/mcp/end';
import { expect, it } from 'vitest';
import { openBoundedLog } from '../src/bounded-log.ts';
import { withWireLog } from '../src/wire-log.ts';

function folder() {
  const dir = mkdtempSync(join(tmpdir(), 'mcp-acp-logs-'));
  return { at: (name: string) => join(dir, name), [Symbol.dispose]: () => rmSync(dir, { recursive: true }) };
}

it('a bounded log stays within its bound and keeps the end', () => {
  using dir = folder();
  const log = openBoundedLog(dir.at('log'), 1000);
  for (let index = 0; index < 500; index++) log.write(Buffer.from(`line ${index}\n`));
  log.write(Buffer.alloc(5000, 'x'));
  log.write(Buffer.from('last\n'));
  log.close();
  expect(statSync(dir.at('log')).size + statSync(dir.at('log.1')).size).toBeLessThanOrEqual(1000);
  expect(readFileSync(dir.at('log'), 'utf8').endsWith('last\n')).toBe(true);
});

it('[PAYLOAD-APART] both wires are written down with secrets replaced, and pass unchanged', () => {
  using dir = folder();
  const log = openBoundedLog(dir.at('wire.jsonl'), 1_000_000);
  let listener: EndListener | undefined;
  const sent: string[] = [];
  const lines: string[] = [];
  const failures: unknown[] = [];
  const nothing = () => undefined;
  const end: End = {
    start: (to) => {
      listener = to;
    },
    send: (buffers) => sent.push(...buffers.map(String)) > 0,
    pause: nothing,
    resume: nothing,
    endSending: nothing,
  };
  const watched = withWireLog(end, 'client', log);
  const line = (buffer: Buffer) => void lines.push(String(buffer));
  watched.start({
    line,
    oversize: nothing,
    failed: (id, { code }) => void failures.push([id, code]),
    drained: nothing,
    ended: nothing,
    gone: nothing,
  });
  const message = '{"id":1,"params":{"password":"kiwi","path":"/a"}}';
  listener?.line(Buffer.from(message));
  listener?.line(Buffer.from('no JSON: kiwi'));
  listener?.line(Buffer.from(`{"a":${'['.repeat(8000)}${']'.repeat(8000)}}`));
  watched.send([Buffer.from(message)]);
  listener?.failed('7', { code: 'backend_refused', detail: 'HTTP 401' });
  log.close();
  expect(lines[0]).toBe(message);
  expect(sent).toEqual([message]);
  const noted = readFileSync(dir.at('wire.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
  expect(noted).toMatchObject([
    { from: 'client', message: { params: { password: '[redacted]', path: '/a' } } },
    { from: 'client', message: null },
    { from: 'client' },
    { to: 'client', size: message.length },
    { failed: 'client', id: '7', code: 'backend_refused', detail: 'HTTP 401' },
  ]);
  expect(failures).toEqual([['7', 'backend_refused']]);
  expect(JSON.stringify(noted)).not.toContain('kiwi');
});
