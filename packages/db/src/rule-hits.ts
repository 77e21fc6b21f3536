import type { HistoryDatabase } from './open-database.ts';

/** How often a rule decided, and when it did last. Milliseconds since the epoch. */
export interface RuleHitCount {
  readonly rule: string;
  readonly hits: number;
  readonly lastHit: number;
}

interface DecidedShape {
  readonly id: number;
  readonly rule: string;
  readonly records: number;
}

/**
 * Counts decisions by the rule that made them. Which rule decided stands in a few shapes, each of which knows how many
 * records it has; its records lie in the order of their time in one index. So only those on the shorter side of `since` are
 * counted, in the index alone, and where all of them or none lie behind it, nothing is.
 */
export function createRuleHits({ client }: HistoryDatabase): (query: {
  /** The proxy's name. */
  readonly proxy: string;
  readonly since: number;
}) => readonly RuleHitCount[] {
  const shapes = client.prepare<[string], DecidedShape>(
    `SELECT id, decided_by AS rule, records FROM shapes
     WHERE proxy_name = ? AND type = 'decision' AND decided_by IS NOT NULL AND records > 0`,
  );
  const first = client
    .prepare<[number], number>('SELECT time FROM records WHERE shape = ? ORDER BY time LIMIT 1')
    .pluck();
  const last = client
    .prepare<[number], number>('SELECT time FROM records WHERE shape = ? ORDER BY time DESC LIMIT 1')
    .pluck();
  const from = client
    .prepare<[number, number], number>('SELECT count(*) FROM records WHERE shape = ? AND time >= ?')
    .pluck();
  const before = client
    .prepare<[number, number], number>('SELECT count(*) FROM records WHERE shape = ? AND time < ?')
    .pluck();

  const hitsOf = ({ id, records }: DecidedShape, span: readonly [number, number], since: number): number => {
    const [oldest, newest] = span;
    if (oldest >= since) return records;
    return since - oldest < newest - since
      ? records - (before.get(id, since) ?? 0)
      : (from.get(id, since) ?? 0);
  };

  return ({ proxy, since }) => {
    const rules = new Map<string, RuleHitCount>();
    for (const shape of shapes.all(proxy)) {
      const newest = last.get(shape.id);
      if (newest === undefined || newest < since) continue;
      const hits = hitsOf(shape, [first.get(shape.id) ?? newest, newest], since);
      const known = rules.get(shape.rule);
      rules.set(shape.rule, {
        rule: shape.rule,
        hits: hits + (known?.hits ?? 0),
        lastHit: Math.max(newest, known?.lastHit ?? newest),
      });
    }
    return [...rules.values()].sort((one, other) => other.hits - one.hits);
  };
}
