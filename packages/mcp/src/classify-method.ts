import type { MessageClass, Sender } from '@mcp-acp/shared/journal-record';
import { isJsonObject } from '@mcp-acp/shared/json';
import { memberValue, type RequestMessage } from './message.ts';
import { methodRow } from './revisions/revision-table.ts';
import { slot } from './strict/slots.ts';

/**
 * Whether a request only looks around or asks for access. Unknown methods, and known ones sent from the wrong side,
 * are access requests: what nobody has thought about is under policy.
 */
export function classOf(
  message: RequestMessage,
  from: Sender,
): Extract<MessageClass, 'discovery' | 'access'> {
  const row = methodRow(message.method);
  if (row === undefined || row.kind !== 'request' || (row.from !== 'either' && row.from !== from))
    return 'access';
  if (message.method === 'subscriptions/listen') return listensToResources(message) ? 'access' : 'discovery';
  return row.class === 'discovery' ? 'discovery' : 'access';
}

const listChanges: ReadonlySet<string> = new Set([
  'toolsListChanged',
  'promptsListChanged',
  'resourcesListChanged',
]);

/** Revision 2026-07-28: `params.notifications.resourceSubscriptions` names resources. */
function listensToResources(message: RequestMessage): boolean {
  const filter = memberValue(message, slot.notifications);
  if (filter === undefined) return false;
  if (!isJsonObject(filter)) return true;
  // A server may read keys more loosely than we do: only what is known to name no resource is discovery.
  return Object.entries(filter).some(([key, value]) =>
    key === 'resourceSubscriptions' ? !(Array.isArray(value) && value.length === 0) : !listChanges.has(key),
  );
}

/**
 * What a message without an id is: a notification the protocol knows or an extension's of its own kind; a request whose
 * id is missing; or something no revision knows.
 */
export function notificationStanding(method: string): 'notification' | 'request' | 'unknown' {
  const row = methodRow(method);
  if (row !== undefined) return row.kind;
  return method.startsWith('notifications/') ? 'notification' : 'unknown';
}
