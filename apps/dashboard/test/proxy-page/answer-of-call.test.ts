import { describe, expect, it } from 'vitest';
import { answeredBy, likelyAnswers, likelyGrants } from '../../src/features/proxy/activity/answer-of-call.ts';
import { changeInWords } from '../../src/features/proxy/activity/change-words.ts';
import { journalFields } from '../../src/features/proxy/activity/journal-fields.ts';
import { wordsOfRecord } from '../../src/features/proxy/activity/record-words.ts';
import type { HistoryRecord } from '../../src/features/proxy/answers.ts';

const step = (seq: number, event: string, more: Partial<HistoryRecord> = {}): HistoryRecord => ({
  proxy: 'files',
  instance: 'inst_aaaaaaaaaaaaaaaa',
  seq,
  time: '2026-01-01T10:00:00.000Z',
  type: 'approval',
  hash: '',
  event,
  ...more,
});
const fields = (record: object) => {
  const read = journalFields(record as never);
  if (read === undefined) throw new Error('no record');
  return read;
};

describe('who answered for a call', () => {
  it('is looked for among the ends of questions, those of the same request first', () => {
    const records = [
      step(9, 'denied', { requestId: '8' }),
      step(8, 'asked', { requestId: '7' }),
      step(7, 'grant_made'),
      step(6, 'approved', { requestId: '7' }),
    ];
    expect(likelyAnswers(records, '7').map(({ seq }) => seq)).toEqual([6, 9]);
    expect(likelyGrants(records).map(({ seq }) => seq)).toEqual([7]);
  });

  it('is a person, or a person before: by a grant, by a mute, by a yes that came late', () => {
    const granted = fields({ grant: 'grnt_a', disposition: 'forwarded' });
    const muted = fields({ grant: 'grnt_a', disposition: 'denied', reason: 'person_denied' });
    expect(answeredBy(fields({ approval: 'appr_a' }), undefined)).toBe('person');
    expect(answeredBy(granted, undefined)).toBe('grant');
    expect(answeredBy(granted, fields({ effect: 'allow', scope: 'call' }))).toBe('earlier answer');
    expect(answeredBy(muted, undefined)).toBe('mute');
    expect(answeredBy(muted, fields({ effect: 'deny', scope: 'tool' }))).toBe('mute');
  });
});

describe('records in words', () => {
  it('name the rules a policy changed, and that it lets more through', () => {
    const changed = ['a', 'b', 'c', 'd', 'e'];
    const record = { type: 'policy', event: 'loaded', version: 'f'.repeat(64), changed, loosening: true };
    expect(changeInWords(fields(record))).toEqual({
      about: 'rules a, b, c, d and 1 more',
      detail: `lets more through · version ${'f'.repeat(12)}`,
    });
    expect(changeInWords(fields({ type: 'config', changed: ['limits.x'], problem: 'No.' }))).toEqual({
      about: 'setting limits.x',
      detail: 'No.',
    });
  });

  it('call a grant that refuses a mute', () => {
    expect(wordsOfRecord(step(1, 'grant_made', { effect: 'deny' })).event).toBe('Muted');
    expect(wordsOfRecord(step(1, 'grant_ended', { effect: 'deny' })).event).toBe('Mute ended');
    expect(wordsOfRecord(step(1, 'grant_made', { effect: 'allow' })).event).toBe('Grant made');
    expect(wordsOfRecord(step(1, 'denied')).event).toBe('Denied');
  });

  it('say of a held setting that it waits for a restart, of a held policy that it is held', () => {
    expect(wordsOfRecord(step(1, 'held', { type: 'config' })).event).toBe('After a restart');
    expect(wordsOfRecord(step(1, 'held', { type: 'policy' })).event).toBe('Held');
  });
});
