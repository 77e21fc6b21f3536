import { access, discovery, notification, type Revision } from './method-row.ts';

/** https://modelcontextprotocol.io/specification/2024-11-05 */
export const revision20241105 = {
  name: '2024-11-05',
  era: 'stateful',
  batches: false,
  methods: {
    initialize: discovery(),
    ping: discovery('either'),
    'completion/complete': discovery(),
    'logging/setLevel': discovery(),
    'prompts/list': discovery(),
    'prompts/get': access(),
    'resources/list': discovery(),
    'resources/templates/list': discovery(),
    'resources/read': access(),
    'resources/subscribe': access(),
    'resources/unsubscribe': discovery(),
    'tools/list': discovery(),
    'tools/call': access(),
    'sampling/createMessage': access('server'),
    'roots/list': access('server'),
    'notifications/initialized': notification('client'),
    'notifications/roots/list_changed': notification('client'),
    'notifications/cancelled': notification('either'),
    'notifications/progress': notification('either'),
    'notifications/message': notification('server'),
    'notifications/resources/updated': notification('server'),
    'notifications/resources/list_changed': notification('server'),
    'notifications/tools/list_changed': notification('server'),
    'notifications/prompts/list_changed': notification('server'),
  },
} as const satisfies Revision;
