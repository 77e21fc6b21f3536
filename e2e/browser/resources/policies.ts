/** Reading is allowed, changes are asked for, one call at a time. */
export const asksForWrites = `version: 1
rules:
  # Looking is fine.
  - id: reads
    effect: allow
    when: { operations: [read, list] }
  - id: writes
    effect: ask
    description: Every change is looked at
    when: { operations: [write, delete] }
`;

/** The same, where one "yes" may reach further. */
export const asksWithGrant = (scope: 'exact' | 'path' | 'tool'): string => `version: 1
rules:
  - id: reads
    effect: allow
    when: { operations: [read, list] }
  - id: writes
    effect: ask
    when: { operations: [write, delete] }
    grant: { ttl: 1h, scope: ${scope} }
`;

/** A person of these tests is slow where the machine is: a call waits as long as that takes. Milliseconds. */
export const patientHold = { holdMs: 900_000, openMs: 3_600_000 };
