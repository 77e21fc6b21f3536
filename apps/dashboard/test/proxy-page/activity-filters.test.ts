import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ActivityFilters,
  countFilters,
  filtersOf,
  queryOf,
  timeRanges,
  withFilters,
} from '../../src/features/proxy/activity/activity-filters.ts';
import { outcomeFilters } from '../../src/features/proxy/activity/outcomes.ts';
import { recordKinds } from '../../src/features/proxy/activity/record-kinds.ts';

const keysOf = <Table extends object>(table: Table) => Object.keys(table) as (keyof Table)[];
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const common = {
  kind: fc.constantFrom(...keysOf(recordKinds)),
  text: words,
  tool: words,
  client: words,
  rule: words,
  instance: fc.string({ minLength: 1, maxLength: 32 }),
  effect: fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const),
  outcome: fc.constantFrom(...keysOf(outcomeFilters)),
};
const requiredKeys: ['kind'] = ['kind'];
const filters: fc.Arbitrary<ActivityFilters> = fc.oneof(
  fc.record({ ...common, range: fc.constantFrom(...keysOf(timeRanges)) }, { requiredKeys }),
  fc.record({ ...common, since: fc.nat(), until: fc.nat() }, { requiredKeys }),
);

describe('[ACTIVITY-FILTERS] the filters of the Activity table in the URL', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(filters, (given) => {
        const written = withFilters(new URLSearchParams(), given).toString();
        expect(filtersOf(new URLSearchParams(written))).toEqual(given);
      }),
    );
  });

  it('leave what else a URL says as it is, and nothing of what they said before', () => {
    const before = new URLSearchParams('tab=activity&tool=old&q=old&kind=policy');
    expect(withFilters(before, { kind: 'calls', tool: 'new' }).toString()).toBe('tab=activity&tool=new');
  });

  it('survive any URL a person can type', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.constantFrom('kind', 'q', 'range', 'since', 'until', 'effect', 'outcome'), fc.string()),
        ),
        (pairs) => {
          const read = filtersOf(new URLSearchParams(pairs));
          expect(Object.keys(recordKinds)).toContain(read.kind);
          expect(Object.values(read)).not.toContain(undefined);
        },
      ),
    );
    expect(
      filtersOf(new URLSearchParams('kind=constructor&outcome=toString&effect=maybe&since=x&range=9y')),
    ).toEqual({
      kind: 'calls',
    });
  });

  it('become the question to the history', () => {
    const now = 1_000_000_000_000;
    expect(queryOf('files', { kind: 'calls', range: '1h', outcome: 'unanswered', text: 'a b' }, now)).toEqual(
      {
        proxy: 'files',
        text: 'a b',
        since: now - 3_600_000,
        disposition: 'unanswered',
        limit: 100,
      },
    );
    expect(queryOf('files', { kind: 'calls', outcome: 'none' }, now)).toMatchObject({ status: 'none' });
    // Records of other kinds have neither.
    expect(queryOf('files', { kind: 'policy', outcome: 'ok', effect: 'deny' }, now)).toEqual({
      proxy: 'files',
      limit: 100,
    });
  });

  it('are counted, a span of time as one', () => {
    expect(countFilters({ kind: 'calls' })).toBe(0);
    expect(countFilters({ kind: 'policy', since: 1, until: 2, tool: 'x' })).toBe(2);
  });
});
