import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Check, numbered, readChecks, type Status } from '../conformance/checks.ts';
import { clientScenariosIn } from '../conformance/client-way.ts';
import { countOf, losses } from '../conformance/compare.ts';
import type { LegResult } from '../conformance/measure.ts';
import { parseOptions } from '../conformance/options.ts';
import { isTransparent, report } from '../conformance/report.ts';

const check = (id: string, status: Status, ordinal = 0, scenario = 'tools-list'): Check => ({
  scenario,
  id,
  ordinal,
  status,
});
const changes = (before: readonly Check[], after: readonly Check[]): readonly string[] =>
  losses(before, after).map((each) => `${each.check}: ${each.before} → ${each.after}`);

describe('what is lost between two runs', () => {
  it('is nothing where the later passes include the earlier ones', () => {
    const before = [check('a', 'SUCCESS'), check('b', 'FAILURE'), check('c', 'WARNING')];
    const after = [
      check('c', 'SUCCESS'),
      check('a', 'SUCCESS'),
      check('b', 'SUCCESS'),
      check('d', 'SUCCESS'),
    ];
    expect(changes(before, after)).toEqual([]);
  });

  it.each(['FAILURE', 'WARNING', 'SKIPPED', 'INFO'] as const)('is a pass that became %s', (status) => {
    expect(changes([check('a', 'SUCCESS')], [check('a', status)])).toEqual([
      `tools-list / a #1: SUCCESS → ${status}`,
    ]);
  });

  it('is a pass that is not there any more', () => {
    expect(changes([check('a', 'SUCCESS')], [])).toEqual(['tools-list / a #1: SUCCESS → absent']);
  });

  it('is a failure that was not there, whatever was', () => {
    const after = [check('a', 'FAILURE'), check('b', 'FAILURE'), check('c', 'FAILURE')];
    expect(changes([check('b', 'WARNING'), check('c', 'FAILURE')], after)).toEqual([
      'tools-list / b #1: WARNING → FAILURE',
      'tools-list / a #1: absent → FAILURE',
    ]);
  });

  it('is found in the check that it is about, where ids repeat and scenarios share them', () => {
    const before = [check('a', 'FAILURE'), check('a', 'SUCCESS', 1), check('a', 'SUCCESS', 0, 'ping')];
    const after = [check('a', 'SUCCESS'), check('a', 'FAILURE', 1), check('a', 'SUCCESS', 0, 'ping')];
    expect(changes(before, after)).toEqual(['tools-list / a #2: SUCCESS → FAILURE']);
  });
});

it('checks are counted by their verdicts, and only passes and failures count', () => {
  const statuses = ['SUCCESS', 'FAILURE', 'SUCCESS', 'WARNING', 'INFO', 'SKIPPED'] as const;
  expect(countOf(statuses.map((status, ordinal) => check('a', status, ordinal)))).toEqual({
    passed: 2,
    failed: 1,
  });
});

it('checks are numbered by id, in the order they were written', () => {
  const written = ['a', 'b', 'a', 'a'].map((id) => ({ id, status: 'SUCCESS' as const }));
  expect(numbered('ping', written).map(({ id, ordinal }) => `${id}${ordinal}`)).toEqual([
    'a0',
    'b0',
    'a1',
    'a2',
  ]);
});

it('checks are read from the folders that the suite leaves; one without checks counts as failed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'checks-'));
  try {
    const stamp = '2026-11-21T15-02-01-157Z';
    for (const name of [`server-ping-${stamp}`, `auth/basic-${stamp}`, `json-schema-2020-12-${stamp}`]) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    const written = [{ id: 'pong', status: 'SUCCESS', name: 'Ping' }];
    writeFileSync(join(folder, `server-ping-${stamp}`, 'checks.json'), JSON.stringify(written));
    writeFileSync(
      join(folder, `auth/basic-${stamp}`, 'checks.json'),
      JSON.stringify([{ id: 'token', status: 'FAILURE', errorMessage: 'none' }]),
    );
    const seen = readChecks(folder).map((each) => `${each.scenario} ${each.id} ${each.status}`);
    expect(seen.sort()).toEqual([
      'auth/basic token FAILURE',
      'json-schema-2020-12 json-schema-2020-12 FAILURE',
      'ping pong SUCCESS',
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const result = (given: Partial<LegResult>): LegResult => ({
  leg: 'server',
  revision: '2025-11-25',
  counts: {
    plain: { passed: 84, failed: 0 },
    direct: { passed: 83, failed: 0 },
    proxied: { passed: 82, failed: 1 },
  },
  lost: [],
  unsteady: [],
  lostByBridge: [],
  leftOut: [],
  ...given,
});
const lost = { check: 'ping / pong #1', scenario: 'ping', before: 'SUCCESS', after: 'FAILURE' } as const;

describe('the report', () => {
  it('shows both revisions with their counts, and says that nothing is lost', () => {
    const text = report([result({}), result({ revision: '2026-07-28' })], '1.2.3');
    expect(text).toMatch(
      /\| 2025-11-25 \| server \| 84 passed, 0 failed +\| 83 passed, 0 failed +\| 82 passed, 1 failed +\| none \|/,
    );
    expect(text).toContain('| 2026-07-28 |');
    expect(text).toContain('Every check that passes directly passes behind the proxy.');
  });

  it('names each check that is lost, and why', () => {
    const results = [result({ lost: [{ ...lost, detail: 'got nothing\nat all' }] })];
    const text = report(results, '1.2.3');
    expect(text).toContain('  - ping / pong #1: SUCCESS → FAILURE\n      got nothing\n');
    expect(text).not.toContain('Every check that passes directly');
    expect(isTransparent(results)).toBe(false);
  });

  it('lists apart what the bridge loses and what was lost once; neither is held against the proxy', () => {
    const results = [result({ lostByBridge: [lost], unsteady: [lost] })];
    const text = report(results, '1.2.3');
    expect(text).toContain('Lost by the bridge itself');
    expect(text).toContain('Lost behind the proxy once');
    expect(isTransparent(results)).toBe(true);
  });
});

it('scenarios that say nothing about a relay are listed under their reason', () => {
  const leftOut = ['auth/a', 'auth/b'].map((scenario) => ({ scenario, why: 'signs in' }));
  expect(report([result({ leftOut })], '1.2.3')).toContain('  - signs in:\n      auth/a\n      auth/b');
});

it('client scenarios are read from the list of requirements, scored or only run', () => {
  const list = [
    'Required for 2025-11-25 (3 scenarios):',
    '',
    'Server scenarios (test against a server):',
    '  - ping',
    '',
    'Client scenarios (test against a client):',
    '  - initialize',
    '  - auth/basic-cimd',
    '',
    'Run and reported, but never scored:',
    '  extension (2):',
    '    - auth/dpop [client]',
    '    - tasks-lifecycle [server]',
    '',
  ].join('\n');
  expect(clientScenariosIn(list)).toEqual(['initialize', 'auth/basic-cimd', 'auth/dpop']);
});

describe('the options', () => {
  it('choose revisions, legs and scenarios; all by default', () => {
    expect(parseOptions([]).revisions).toEqual(['2025-11-25', '2026-07-28']);
    const chosen = parseOptions(['--revision', '2026-07-28', '--leg', 'server', '--scenario', 'a', '--json']);
    expect(chosen).toMatchObject({ revisions: ['2026-07-28'], scenarios: ['a'], json: true });
    expect(chosen.legs.map(({ name }) => name)).toEqual(['server']);
  });

  it.each([['--revision', '2020-01-01'], ['--leg', 'sideways'], ['--no-such-option']])(
    'refuse %s',
    (...args) => {
      expect(() => parseOptions(args)).toThrow();
    },
  );
});
