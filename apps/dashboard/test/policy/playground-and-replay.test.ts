import { describe, expect, it } from 'vitest';
import {
  callOfRecord,
  emptyCall,
  readCallForm,
  readRecordName,
} from '../../src/features/policy/playground/call-form.ts';
import { destinationIn, recentCallsOf } from '../../src/features/policy/playground/recent-calls.ts';
import { callsOf, changesByKind, kindOfChange } from '../../src/features/policy/replay/read-replay.ts';

it('a recent call is told apart by the first path or URL it named', () => {
  const of = (value: unknown) => destinationIn(JSON.stringify(value));
  expect(of({ mode: 'fast', files: [{ path: '~/a.md' }], to: '/b' })).toBe('~/a.md');
  expect(of({ url: 'https://a.example/x' })).toBe('https://a.example/x');
  expect([
    of({ text: 'and/or' }),
    of(null),
    destinationIn('{"path":"/cut'),
    destinationIn(undefined),
  ]).toEqual([undefined, undefined, undefined, undefined]);
});

describe('a call that is tried', () => {
  it('is read from its fields', () => {
    expect(
      readCallForm({ ...emptyCall, tool: ' read_file ', arguments: '{"path":"/a"}', client: 'x' }),
    ).toEqual({
      ok: true,
      call: { method: 'tools/call', tool: 'read_file', arguments: { path: '/a' }, client: 'x' },
    });
    expect(
      readCallForm({ ...emptyCall, method: 'resources/read', tool: 'no', uri: 'a:b', arguments: '' }),
    ).toEqual({
      ok: true,
      call: { method: 'resources/read', uri: 'a:b' },
    });
  });

  it('says what is wrong where it is', () => {
    expect(readCallForm({ ...emptyCall, arguments: '[1]' })).toMatchObject({
      ok: false,
      problems: { subject: 'Name the tool.', arguments: 'Arguments are an object: { "path": "…" }.' },
    });
    expect(readCallForm({ ...emptyCall, tool: 'a', arguments: '{"a":' })).toMatchObject({
      ok: false,
      problems: { arguments: expect.stringMatching(/^This is no JSON: /) },
    });
    expect(readCallForm({ ...emptyCall, method: ' ' })).toMatchObject({
      ok: false,
      problems: { method: expect.any(String) },
    });
  });

  it('comes out of its record, with what is not as it was', () => {
    const record = { type: 'decision', method: 'tools/call', tool: 'read_file', client: 'agent' };
    expect(callOfRecord(record, '{"path":"/a"}')).toEqual({
      form: { ...emptyCall, tool: 'read_file', client: 'agent', arguments: '{\n  "path": "/a"\n}' },
      notes: [],
    });
    expect(callOfRecord(record, undefined)?.notes).toEqual([
      'The arguments of this call are not kept. Fill in what they were.',
    ]);
    const cut = callOfRecord(record, JSON.stringify({ truncated: true, bytes: 9_000, head: '{"path":"/a' }));
    expect(cut?.form.arguments).toBe('{"path":"/a');
    expect(cut?.notes).toEqual(['Only the beginning of the arguments is kept.']);
    expect(callOfRecord(record, '{"token":"[redacted]"}')?.notes).toHaveLength(1);
    expect(callOfRecord({ type: 'outcome' }, undefined)).toBeUndefined();
  });

  it('is named in an address by its instance and number', () => {
    expect(readRecordName('inst_aaaaaaaaaaaaaaaa.12')).toEqual({
      instance: 'inst_aaaaaaaaaaaaaaaa',
      seq: 12,
    });
    for (const none of [null, '', 'inst_a.1', 'inst_aaaaaaaaaaaaaaaa.', 'inst_aaaaaaaaaaaaaaaa.1/../x']) {
      expect(readRecordName(none)).toBeUndefined();
    }
  });

  it('is offered from the calls that were seen', () => {
    const at = { instance: 'i', time: 't' };
    const records = [
      { ...at, seq: 3, tool: 'b' },
      { ...at, seq: 2 },
      { ...at, seq: 1, tool: 'a' },
      { ...at, seq: 0, tool: 'b' },
    ];
    const { calls, tools } = recentCallsOf({ records });
    expect(tools).toEqual(['a', 'b']);
    expect(calls.map(({ seq }) => seq)).toEqual([3, 1, 0]);
  });
});

describe('a replay', () => {
  it('never takes what cannot be told for allowed or unchanged', () => {
    expect(kindOfChange('deny', 'unknown')).toBe('unknown');
    expect(kindOfChange('ask', 'allow')).toBe('looser');
    expect(kindOfChange('allow', 'ask')).toBe('stricter');
    const counts = [
      { before: 'allow', after: 'allow', calls: 5 },
      { before: 'allow', after: 'unknown', calls: 4 },
      { before: 'ask', after: 'allow', calls: 3 },
      { before: 'allow', after: 'deny', calls: 2 },
    ] as const;
    expect(changesByKind(counts)).toEqual({ looser: 3, stricter: 2 });
    expect(callsOf(counts, 'allow', 'unknown')).toBe(4);
    expect(callsOf(counts, 'deny', 'unknown')).toBe(0);
  });
});
