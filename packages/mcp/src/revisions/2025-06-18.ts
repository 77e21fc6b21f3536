import { revision20250326 } from './2025-03-26.ts';
import { access, type Revision } from './method-row.ts';

/** https://modelcontextprotocol.io/specification/2025-06-18 */
export const revision20250618 = {
  name: '2025-06-18',
  era: 'stateful',
  batches: false,
  methods: { ...revision20250326.methods, 'elicitation/create': access('server') },
} as const satisfies Revision;
