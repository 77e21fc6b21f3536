import { describe, expect, it } from 'vitest';
import { everything, historyQuery, whatHappened } from '../../src/features/approvals/history-filters.ts';
import { isAllSeen } from '../../src/features/approvals/use-reading.ts';
import { namedBy } from '../../src/features/approvals/what-it-names.ts';
import { isWholeObject } from '../../src/features/approvals/whole-object.ts';

describe('the history of approvals', () => {
  const none = { view: 'answers', proxy: everything, tool: ' ', text: '' } as const;

  it('asks for calls a person was asked about, or for every step', () => {
    expect(historyQuery(none)).toEqual({ limit: 50, type: 'decision', effect: 'ask' });
    expect(historyQuery({ ...none, view: 'steps', proxy: 'files', tool: ' write_file ' })).toEqual({
      limit: 50,
      type: 'approval',
      proxy: 'files',
      tool: 'write_file',
    });
    expect(historyQuery({ ...none, text: 'x'.repeat(1_000) }).text).toHaveLength(256);
  });

  it('tells nobody answered from a person said no', () => {
    const words = ['person_denied', 'approval_expired', 'approval_pending', 'nobody_could_be_asked'].map(
      (reason) => whatHappened({ type: 'decision', disposition: 'denied', reason }).words,
    );
    expect(new Set(words).size).toBe(4);
    expect(whatHappened({ type: 'decision', disposition: 'forwarded' }).tone).toBe('good');
    expect(whatHappened({ type: 'approval', event: 'expired' }).words).toBe('nobody answered');
  });

  it('tells a mute from a grant, and what they decided from what a person answered', () => {
    const made = (effect: string) => whatHappened({ type: 'approval', event: 'grant_made', effect });
    expect(made('allow')).toEqual({ words: 'granted', tone: 'good' });
    expect(made('deny')).toEqual({ words: 'muted', tone: 'bad' });
    expect(whatHappened({ type: 'approval', event: 'grant_ended', effect: 'deny' }).words).toBe('mute ended');
    const sent = (state?: string) =>
      whatHappened({ type: 'decision', disposition: 'forwarded', state }).words;
    expect([sent('by_grant'), sent()]).toEqual(['sent by a grant', 'approved and sent']);
    const refused = (state?: string) =>
      whatHappened({ type: 'decision', disposition: 'denied', reason: 'person_denied', state }).words;
    expect([refused('by_grant'), refused()]).toEqual(['refused by a mute', 'denied']);
  });

  it('says how a question ended whose call had been told to try again', () => {
    const pending = { type: 'decision', disposition: 'denied', reason: 'approval_pending' };
    expect(whatHappened(pending).words).toBe('told to try again');
    expect(whatHappened({ ...pending, later: 'open' }).words).toBe('told to try again');
    expect(whatHappened({ ...pending, later: 'expired' })).toEqual({
      words: 'nobody answered',
      tone: 'warn',
      note: 'after it was told to try again',
    });
    expect(whatHappened({ ...pending, later: 'toString' }).words).toBe('told to try again');
  });

  it('says in words why a call that waited was not sent', () => {
    const refused = (reason: string) =>
      whatHappened({ type: 'decision', disposition: 'denied', reason }).words;
    expect(refused('backend_exited')).toBe('the server was gone');
    expect(refused('policy_denied')).toBe('refused by policy');
    expect(refused('journal_unavailable')).toBe('not recorded, not sent');
  });

  it('shows a word it does not know as it is', () => {
    expect(whatHappened({ type: 'approval', event: 'constructor' }).words).toBe('constructor');
    expect(whatHappened({ type: 'decision', disposition: 'denied', reason: 'toString' }).words).toBe(
      'toString',
    );
  });
});

it('everything counts as seen once it is here, nothing of it is closed and its end was on the screen', () => {
  const seen = (isEndSeen: boolean, closed: number, isWhole: boolean) =>
    isAllSeen({ isEndSeen }, { closed, isWhole });
  expect(seen(true, 0, true)).toBe(true);
  // All is open, but its end was not drawn.
  expect(seen(false, 0, true)).toBe(false);
  expect(seen(true, 1, true)).toBe(false);
  expect(seen(true, 0, false)).toBe(false);
});

it('other parameters of which only the beginning is here are never wholly seen', () => {
  const whole = JSON.stringify({
    task: { ttl: 60 },
    inputResponses: { a: { action: 'accept', text: 'x}' } },
  });
  expect(isWholeObject(whole)).toBe(true);
  for (let length = 0; length < whole.length; length++)
    expect(isWholeObject(whole.slice(0, length)), String(length)).toBe(false);
  expect(isWholeObject(`${whole},`)).toBe(false);
});

it('one of many is named by where it leads, not by what it merely mentions', () => {
  const path = { kind: 'path', text: '/a', mentioned: false } as const;
  const mention = { kind: 'host', text: 'evil.example', mentioned: true } as const;
  const rest = { resource: undefined, preview: '{"a":1}' };
  expect(namedBy({ ...rest, destinations: [mention, path] })).toEqual({ text: '/a' });
  expect(namedBy({ ...rest, destinations: [mention] })).toEqual({ text: '{"a":1}' });
});

it('a path that is too long for its line keeps the file it names', () => {
  const named = (text: string) =>
    namedBy({
      resource: undefined,
      preview: '',
      destinations: [{ kind: 'path', text, mentioned: false }],
    });
  expect(named('/srv/data/12.txt')).toEqual({ text: '/srv/data', end: '/12.txt' });
  expect(named('/srv/data/')).toEqual({ text: '/srv', end: '/data/' });
  const long = named(`/${'deep/'.repeat(100)}secret.txt`);
  expect(long.end).toBe('/secret.txt');
  expect(long.text).toMatch(/^…/);
  expect(`${long.text}${long.end}`.length).toBeLessThanOrEqual(161);
});
