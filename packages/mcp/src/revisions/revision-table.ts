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
 * Every method of every revision. A method means the same in all revisions that have it (a test holds that), so a
 * message can be classified before its revision is known.
 */
const everyMethod: ReadonlyMap<string, MethodRow> = new Map(
  revisions.flatMap((revision) => Object.entries(revision.methods)),
);

/** The row of a method, or undefined for one that no revision knows: such a request is an access request under policy. */
export const methodRow = (method: string): MethodRow | undefined => everyMethod.get(method);
