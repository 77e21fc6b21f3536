import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InstanceId } from '@mcp-acp/shared/ids';
import { expect, test } from 'vitest';
import { readWireLog } from '../src/read-wire-log.ts';
import { workshop } from './workshop.ts';

test('of a debug log, what went between the proxy and its server is read, broken lines left out', () => {
  using w = workshop();
  const instance = 'inst_abcdefghijklmnop' as InstanceId;
  mkdirSync(w.paths.debugDir('files'), { recursive: true });
  const lines = [
    '{"time":"2026-01-01T00:00:00.000Z","from":"client","size":2,"message":{}}',
    '{"time":"2026-01-01T00:00:00.001Z","to":"server","size":2,"message":{}}',
    '{"from":"server","size":99,"message":null}',
    '{"time":"2026-01-01T00:00:00.002Z","from":"server","si',
  ];
  writeFileSync(join(w.paths.debugDir('files'), `${instance}.jsonl`), lines.join('\n'));
  expect(readWireLog(w.paths, 'files', instance)).toEqual([
    { direction: 'sent', time: '2026-01-01T00:00:00.001Z', size: 2, message: {} },
    { direction: 'received', size: 99, message: null },
  ]);
  expect(readWireLog(w.paths, 'files', 'inst_bbbbbbbbbbbbbbbb' as InstanceId)).toEqual([]);
});
