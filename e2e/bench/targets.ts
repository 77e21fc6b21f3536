import type { Aim } from './aims.ts';
import type { Leg } from './leg.ts';
import type { Results } from './results.ts';
import type { Single } from './singles.ts';

/** An aim and what was seen of it. */
export interface Target extends Pick<Aim, 'what' | 'aim' | 'atLeast'> {
  readonly leg: Leg['id'] | Single['id'];
  readonly seen: number;
  readonly unit: string;
}

const units = {
  '×': (reference: string) => `× ${reference}`,
  '%': (reference: string) => `% of ${reference}`,
  MB: (reference: string) => `MB over ${reference}`,
} as const satisfies Record<Aim['unit'], (reference: string) => string>;

/** The aims of all that was measured. */
export function targetsOf(
  { legs, singles }: { readonly legs: readonly Leg[]; readonly singles: readonly Single[] },
  results: Results,
): readonly Target[] {
  const ofSingles = singles.flatMap(({ id, what, aim, unit }) => {
    const result = results.singles[id];
    return result === undefined ? [] : [{ leg: id, what, aim, seen: result.seen, unit }];
  });
  const ofLegs = legs.flatMap(({ id, aims, reference }) => {
    const result = results.legs[id];
    if (result === undefined) return [];
    return aims.map(({ unit, seen, ...aim }) => ({
      leg: id,
      ...aim,
      seen: seen(result, reference.id),
      unit: units[unit](reference.name),
    }));
  });
  return [...ofLegs, ...ofSingles];
}

export function verdict({ aim, seen, atLeast }: Target): string {
  if (Number.isNaN(seen)) return 'not measured here';
  return (atLeast ? seen >= aim : seen <= aim) ? 'met' : 'missed';
}
