import type { Facts, PathFact } from './facts.ts';

/**
 * Whether a request names a path of this machine that nobody could resolve, or more than was looked at: it may lead
 * anywhere, a protected place included.
 */
export const hasUnclearPath = (facts: Facts): boolean =>
  facts.backendKind === 'stdio' &&
  (!facts.complete || facts.operands.some(isUnclear) || facts.mentions.some(isUnclear));

const isUnclear = (fact: PathFact): boolean => fact.kind === 'path' && fact.readings.length === 0;

/**
 * The places of a request that lie in one of `roots` (absolute, canonical), however the request names them: as a whole
 * value or inside a longer text, in every reading a program could take. No rule opens such a place.
 */
export function protectedPlaces(facts: Facts, roots: readonly string[]): readonly string[] {
  const found: string[] = [];
  const look = (fact: PathFact): void => {
    for (const place of fact.places ?? fact.readings) {
      if (!found.includes(place) && roots.some((root) => isInside(place, root))) found.push(place);
    }
  };
  for (const fact of facts.operands) look(fact);
  for (const fact of facts.mentions) look(fact);
  return found;
}

const isInside = (place: string, root: string): boolean =>
  place.startsWith(root) &&
  (place.length === root.length || root.endsWith('/') || place.charCodeAt(root.length) === slash);
const slash = 0x2f;
