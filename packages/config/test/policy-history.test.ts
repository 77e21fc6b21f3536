import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  confirmPolicy,
  isConfirmed,
  keepPolicyVersion,
  policyDigest,
  policyVersions,
} from '../src/policy-history.ts';
import { temporaryHome } from './temporary-home.ts';

test('versions are numbered in order, the same text twice in a row is one', () => {
  using home = temporaryHome();
  for (const text of ['a', 'a', 'b', 'a']) keepPolicyVersion(home.paths, 'p', text);
  const versions = policyVersions(home.paths, 'p');
  expect(versions.map(({ number, file }) => [number, readFileSync(file, 'utf8')])).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'a'],
  ]);
});

test('only what a person confirmed is confirmed', () => {
  using home = temporaryHome();
  const digest = policyDigest('a');
  expect(isConfirmed(home.paths, 'p', digest)).toBe(false);
  confirmPolicy(home.paths, 'p', {
    digest,
    time: '2026-01-01T00:00:00.000Z',
    by: 'local:me',
    channel: 'cli',
  });
  expect(isConfirmed(home.paths, 'p', digest)).toBe(true);
  expect(isConfirmed(home.paths, 'p', policyDigest('b'))).toBe(false);
});
