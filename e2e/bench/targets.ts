import type { Aim } from './aims.ts';
import type { Leg } from './leg.ts';
import type { Results } from './results.ts';

/** An aim and what was seen of it. */
export interface Target extends Pick<Aim, 'what' | 'aim' | 'atLeast'> {
  readonly leg: Leg['id'];
  readonly seen: number;
  readonly unit: string;
}

const units = {
  '×': (reference: string) => `× ${reference}`,
  '%': (reference: string) => `% of ${reference}`,
  MB: (reference: string) => `MB over ${reference}`,
} as const satisfies Record<Aim['unit'], (reference: string) => string>;

/** The aims of all legs that were measured. */
export function targetsOf(legs: readonly Leg[], results: Results): readonly Target[] {
  return legs.flatMap(({ id, aims, reference }) => {
    const result = results.legs[id];
    if (result === undefined) return [];
    return aims.map(({ unit, seen, ...aim }) => ({
      leg: id,
      ...aim,
      seen: seen(result, reference.id),
      unit: units[unit](reference.name),
    }));
  });
}

export function verdict({ aim, seen, atLeast }: Target): string {
  if (Number.isNaN(seen)) return 'not measured here';
  return (atLeast ? seen >= aim : seen <= aim) ? 'met' : 'missed';
}
