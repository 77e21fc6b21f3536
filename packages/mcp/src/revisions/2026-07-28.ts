import { access, discovery, notification, type Revision } from './method-row.ts';

/**
 * https://modelcontextprotocol.io/specification/2026-07-28 and its extension io.modelcontextprotocol/tasks.
 * Sampling, elicitation and roots arrive as `inputRequests` inside a result of type `input_required` (SEP-2322).
 */
export const revision20260728 = {
  name: '2026-07-28',
  era: 'stateless',
  batches: false,
  methods: {
    'server/discover': discovery(),
    'completion/complete': discovery(),
    'prompts/list': discovery(),
    'prompts/get': access(),
    'resources/list': discovery(),
    'resources/templates/list': discovery(),
    'resources/read': access(),
    'tools/list': discovery(),
    'tools/call': access(),
    /** Discovery as long as it names no resource; `classOf` makes it an access request where it does. */
    'subscriptions/listen': discovery(),
    'tasks/get': discovery(),
    'tasks/update': discovery(),
    'tasks/cancel': discovery(),
    'sampling/createMessage': access('server'),
    'elicitation/create': access('server'),
    'roots/list': access('server'),
    'notifications/cancelled': notification('either'),
    'notifications/progress': notification('either'),
    'notifications/message': notification('server'),
    'notifications/resources/updated': notification('server'),
    'notifications/resources/list_changed': notification('server'),
    'notifications/tools/list_changed': notification('server'),
    'notifications/prompts/list_changed': notification('server'),
    'notifications/subscriptions/acknowledged': notification('server'),
    'notifications/tasks': notification('server'),
  },
} as const satisfies Revision;
