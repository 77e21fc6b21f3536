import { revision20241105 } from './2024-11-05.ts';
import type { Revision } from './method-row.ts';

/** https://modelcontextprotocol.io/specification/2025-03-26 — the one revision with batches. */
export const revision20250326 = {
  name: '2025-03-26',
  era: 'stateful',
  batches: true,
  methods: revision20241105.methods,
} as const satisfies Revision;
