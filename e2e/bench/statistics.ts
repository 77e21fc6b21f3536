/** Value at a share `q` of the sorted numbers, between neighbours in proportion. NaN for none. */
function quantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * q;
  const low = Math.floor(position);
  const below = sorted[low] ?? Number.NaN;
  const above = sorted[Math.min(low + 1, sorted.length - 1)] ?? Number.NaN;
  return below + (above - below) * (position - low);
}

const inOrder = (values: Iterable<number>): Float64Array => Float64Array.from(values).sort();

export const median = (values: Iterable<number>): number => quantile(inOrder(values), 0.5);

export interface Summary {
  readonly n: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly sigma: number;
}

export function summarize(values: readonly number[]): Summary {
  const sorted = inOrder(values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return {
    n: values.length,
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    sigma: Math.sqrt(variance),
  };
}

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The middle of paired values, with the quartiles around it. */
export function spread(values: readonly number[]): Spread {
  const sorted = inOrder(values.filter((value) => Number.isFinite(value)));
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** The same values in a new random order. */
export function shuffled<Value>(values: readonly Value[], random: () => number): Value[] {
  const order = [...values];
  for (let index = order.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    const [a, b] = [order[index] as Value, order[other] as Value];
    order[index] = b;
    order[other] = a;
  }
  return order;
}
