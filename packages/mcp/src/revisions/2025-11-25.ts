import { revision20250618 } from './2025-06-18.ts';
import { discovery, notification, type Revision } from './method-row.ts';

/** https://modelcontextprotocol.io/specification/2025-11-25 */
export const revision20251125 = {
  name: '2025-11-25',
  era: 'stateful',
  batches: false,
  methods: {
    ...revision20250618.methods,
    'tasks/get': discovery('either'),
    'tasks/result': discovery('either'),
    'tasks/list': discovery('either'),
    'tasks/cancel': discovery('either'),
    'notifications/tasks/status': notification('either'),
    'notifications/elicitation/complete': notification('server'),
  },
} as const satisfies Revision;
