import { readFileSync, writeFileSync } from 'node:fs';
import { isConfirmed } from '@mcp-acp/config/policy-history';
import { withWriteLock } from '@mcp-acp/config/write-lock';
import { expect, test } from 'vitest';
import {
  confirmCurrentPolicy,
  policyHistory,
  readPolicy,
  restorePolicy,
  savePolicy,
} from '../src/policies.ts';
import { actor, workshop } from './workshop.ts';

const allow = 'version: 1\nrules:\n  - { id: a, effect: allow, when: { tool_name: "x" } }\n';
const deny = 'version: 1\nrules:\n  - { id: a, effect: deny, when: { tool_name: "x" } }\n';

test('a save is kept, confirmed and compared', () => {
  using w = workshop();
  const { digest } = readPolicy(w.paths, 'files');
  const saved = savePolicy(w.paths, { name: 'files', text: allow, edited: digest }, actor);
  expect(saved).toMatchObject({ changed: true, loosening: true, rules: ['a'], version: { number: 2 } });
  expect(readFileSync(w.paths.policy('files'), 'utf8')).toBe(allow);
  expect(isConfirmed(w.paths, 'files', saved.version.digest)).toBe(true);
});

test('an edit of a version that is no longer there is refused, and nothing is lost', () => {
  using w = workshop();
  const { digest } = readPolicy(w.paths, 'files');
  savePolicy(w.paths, { name: 'files', text: allow, edited: digest }, actor);
  expect(() => savePolicy(w.paths, { name: 'files', text: deny, edited: digest }, actor)).toThrow(
    expect.objectContaining({ code: 'stale_edit' }),
  );
  expect(readPolicy(w.paths, 'files').text).toBe(allow);
});

test('while another is saving, nothing is saved', () => {
  using w = workshop();
  const { digest, text, file } = readPolicy(w.paths, 'files');
  const save = () => savePolicy(w.paths, { name: 'files', text: allow, edited: digest }, actor);
  withWriteLock(file, () => expect(save).toThrow(expect.objectContaining({ code: 'stale_edit' })));
  expect(readPolicy(w.paths, 'files').text).toBe(text);
  expect(save()).toMatchObject({ changed: true });
});

test('a policy that is not valid is never saved', () => {
  using w = workshop();
  const { digest, text } = readPolicy(w.paths, 'files');
  const save = () =>
    savePolicy(w.paths, { name: 'files', text: 'version: 1\nrulez: []\n', edited: digest }, actor);
  expect(save).toThrow(expect.objectContaining({ code: 'policy_invalid' }));
  expect(readPolicy(w.paths, 'files').text).toBe(text);
  expect(policyHistory(w.paths, 'files')).toHaveLength(1);
});

test('restoring makes a new version of an old text', () => {
  using w = workshop();
  const first = readPolicy(w.paths, 'files');
  savePolicy(w.paths, { name: 'files', text: deny, edited: first.digest }, actor);
  const restored = restorePolicy(w.paths, { name: 'files', number: 1 }, actor);
  expect(restored).toMatchObject({ version: { number: 3, digest: first.digest }, loosening: true });
  expect(readPolicy(w.paths, 'files').text).toBe(first.text);
});

test('a change by hand is kept in the history and waits for a confirmation', () => {
  using w = workshop();
  writeFileSync(w.paths.policy('files'), allow);
  expect(policyHistory(w.paths, 'files').at(-1)).toMatchObject({ number: 2, current: true });
  expect(policyHistory(w.paths, 'files').at(-1)).not.toHaveProperty('confirmed');
  expect(confirmCurrentPolicy(w.paths, 'files', actor)).toMatchObject({ already: false });
  expect(confirmCurrentPolicy(w.paths, 'files', actor)).toMatchObject({ already: true });
});
