import { describe, expect, it } from 'vitest';
import {
  keyOf,
  mostLiveRows,
  noLiveRows,
  rowOf,
  rowsOf,
  withLive,
} from '../../src/features/proxy/activity/live-rows.ts';
import type { HistoryRecord } from '../../src/features/proxy/answers.ts';

const origin = { id: 'px_aaaaaaaaaaaaaaaa', name: 'files', instance: 'inst_aaaaaaaaaaaaaaaa' } as never;
const at = (ms: number): string => new Date(ms).toISOString();
const decided = (seq: number) => ({
  type: 'call_decided' as const,
  time: at(seq),
  proxy: origin,
  seq,
  from: 'client' as const,
  method: 'tools/call',
  tool: 'read_file',
  effect: 'allow' as const,
  disposition: 'forwarded',
});
const finished = (seq: number, decision: number) => ({
  type: 'call_finished' as const,
  time: at(seq),
  proxy: origin,
  seq,
  decision,
  status: 'ok',
  durationMs: 7,
});
const recorded = (seq: number, more: Partial<HistoryRecord> = {}): HistoryRecord => ({
  proxy: 'files',
  instance: 'inst_aaaaaaaaaaaaaaaa',
  seq,
  time: at(seq),
  type: 'decision',
  hash: 'h',
  disposition: 'forwarded',
  ...more,
});

describe('[ACTIVITY-WHOLE] rows of the Activity table that come live', () => {
  it('are made of an event only where it tells whether they belong there', () => {
    expect(rowOf(decided(1), { kind: 'calls' })).toMatchObject({ tool: 'read_file', seq: 1, hash: '' });
    expect(rowOf(decided(1), { kind: 'calls', tool: 'read_file', effect: 'allow' })).toBeDefined();
    expect(rowOf(decided(1), { kind: 'calls', tool: 'write_file' })).toBeUndefined();
    expect(rowOf(decided(1), { kind: 'calls', effect: 'deny' })).toBeUndefined();
    expect(rowOf(decided(1), { kind: 'calls', text: 'read' })).toBeUndefined();
    expect(rowOf(decided(1), { kind: 'calls', outcome: 'ok' })).toBeUndefined();
    expect(rowOf(decided(1), { kind: 'policy' })).toBeUndefined();
  });

  it('stand in front of what was read, each once, and take the record in place of the event', () => {
    const row = rowOf(decided(3), { kind: 'calls' });
    const live = withLive(noLiveRows, { records: row === undefined ? [] : [row] });
    const pages = [recorded(2, { status: 'ok' }), recorded(1)];
    expect(rowsOf(pages, live).map(({ seq, hash }) => [seq, hash])).toEqual([
      [3, ''],
      [2, 'h'],
      [1, 'h'],
    ]);
    const known = withLive(live, { records: [recorded(3, { client: 'agent' })] });
    expect(rowsOf(pages, known)[0]).toMatchObject({ seq: 3, hash: 'h', client: 'agent' });
    // A late event does not take a record's place.
    const late = withLive(known, { records: row === undefined ? [] : [row] });
    expect(rowsOf(pages, late)[0]).toMatchObject({ hash: 'h' });
  });

  it('tell how a call ended that was read without its end', () => {
    const live = withLive(noLiveRows, { finished: [finished(9, 1)] });
    expect(rowsOf([recorded(1)], live)[0]).toMatchObject({ status: 'ok', durationMs: 7 });
    expect(rowsOf([recorded(1, { status: 'error' })], live)[0]).toMatchObject({ status: 'error' });
    expect(live.ends.has(keyOf({ instance: 'inst_aaaaaaaaaaaaaaaa', seq: 1 }))).toBe(true);
  });

  it('are a gap once there are too many', () => {
    const records = Array.from({ length: mostLiveRows + 1 }, (_, index) => recorded(index + 1));
    expect(withLive(noLiveRows, { records: records.slice(0, mostLiveRows) }).isGapped).toBe(false);
    expect(withLive(noLiveRows, { records }).isGapped).toBe(true);
  });
});
