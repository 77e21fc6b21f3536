import { ownClientName } from '@mcp-acp/shared/own-client';
import { describe, expect, it } from 'vitest';
import { passesFilter } from '../../src/features/proxies/proxy-filter.ts';
import type { HistoryRecord, ProxySeen } from '../../src/features/proxy/answers.ts';
import { endingInWords, isFailure, isSaid } from '../../src/features/proxy/ending-words.ts';
import { isSettled, lastEndOf, wasCheck } from '../../src/features/proxy/last-end.ts';

const record = (instance: string, event: string, more: Partial<HistoryRecord> = {}): HistoryRecord => ({
  proxy: 'files',
  instance,
  seq: 1,
  time: '2026-01-01T10:00:00.000Z',
  type: 'session',
  hash: '',
  event,
  ...more,
});
const resting: ProxySeen = {
  name: 'files',
  configured: true,
  enabled: true,
  connection: 'disconnected',
  disconnectedSince: '2026-01-01T10:00:05.000Z',
  instances: [],
};
const said = (reason: string | undefined, exit?: string): string => {
  const { ours, foreign } = endingInWords(reason, exit);
  return foreign === undefined ? ours : `${ours}${foreign}.`;
};

describe('how a session ended', () => {
  it('is told in one sentence with one full stop, whatever the backend said', () => {
    expect(said('client_closed', 'signal SIGTERM')).toBe('The client closed the connection.');
    expect(said('backend_exited', 'exit code 3')).toBe(
      'The backend ended, and the proxy with it: exit code 3.',
    );
    expect(said('backend_exited', 'The command "x" was not found..')).toBe('The command "x" was not found.');
    expect(said('backend_exited')).toBe('The backend ended, and the proxy with it.');
    expect(said('SIGTERM')).toBe('It was ended by SIGTERM.');
    expect(said(undefined)).toMatch(/without a last word/);
    expect(said('constructor')).toBe('It ended: constructor.');
  });

  it('says an error once', () => {
    expect(isSaid('exit code 3.', endingInWords('backend_exited', 'exit code 3'))).toBe(true);
    expect(isSaid('connection refused', endingInWords('client_closed'))).toBe(false);
  });

  it('is read from the newest session, those the manager never saw included', () => {
    const records = [
      record('inst_b', 'closed', { seq: 9, reason: 'backend_exited' }),
      record('inst_b', 'identified', { client: 'cursor' }),
      record('inst_b', 'opened'),
      record('inst_a', 'closed', { seq: 4, reason: 'client_closed' }),
    ];
    expect(lastEndOf(resting, records)).toEqual({
      instance: 'inst_b',
      since: '2026-01-01T10:00:05.000Z',
      client: 'cursor',
      closed: 9,
      reason: 'backend_exited',
    });
    expect(lastEndOf(resting, [])).toBeUndefined();
  });

  it('is no crash before its last record had time to come into the history', () => {
    const end = lastEndOf(resting, [record('inst_b', 'opened')]);
    const at = Date.parse(resting.disconnectedSince ?? '');
    expect(end && isSettled(end, at + 1_000)).toBe(false);
    expect(end && isSettled(end, at + 60_000)).toBe(true);
    expect(end?.reason).toBeUndefined();
  });

  it('is known as the end of a check of the server', () => {
    const records = [record('inst_b', 'closed'), record('inst_b', 'identified', { client: ownClientName })];
    const end = lastEndOf(resting, records);
    expect(end && wasCheck(end)).toBe(true);
  });
});

it('a proxy needs attention where something broke or waits, not where a client left', () => {
  expect([undefined, 'backend_exited', 'client_closed', 'client_gone', 'SIGTERM'].map(isFailure)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(passesFilter(resting, 'attention')).toBe(false);
  expect(passesFilter(resting, 'attention', new Set(['files']))).toBe(true);
  expect(passesFilter({ ...resting, connection: 'unresponsive' }, 'attention')).toBe(true);
});
