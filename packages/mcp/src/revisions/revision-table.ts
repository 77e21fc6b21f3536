import { revision20241105 } from './2024-11-05.ts';
import { revision20250326 } from './2025-03-26.ts';
import { revision20250618 } from './2025-06-18.ts';
import { revision20251125 } from './2025-11-25.ts';
import { revision20260728 } from './2026-07-28.ts';
import type { MethodRow, Revision } from './method-row.ts';

export const revisions: readonly Revision[] = [
  revision20241105,
  revision20250326,
  revision20250618,
  revision20251125,
  revision20260728,
];

const byName: ReadonlyMap<string, Revision> = new Map(revisions.map((revision) => [revision.name, revision]));

/** The revision of that name, or undefined for one this build does not know. */
export const revisionNamed = (name: string): Revision | undefined => byName.get(name);

/**
 * Every method of every revision. A method is of the same kind and class in all revisions that have it (a test holds
 * that), so a message can be classified before its revision is known; it may come from whoever may send it in any.
 */
const everyMethod: ReadonlyMap<string, MethodRow> = collectMethods();

function collectMethods(): ReadonlyMap<string, MethodRow> {
  const rows = new Map<string, MethodRow>();
  for (const { methods } of revisions) {
    for (const [method, row] of Object.entries(methods)) {
      const from = rows.get(method)?.from ?? row.from;
      rows.set(method, from === row.from ? row : { ...row, from: 'either' });
    }
  }
  return rows;
}

/** The row of a method, or undefined for one that no revision knows: such a request is an access request under policy. */
export const methodRow = (method: string): MethodRow | undefined => everyMethod.get(method);
