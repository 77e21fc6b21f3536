import type { ErrorCode } from '@mcp-acp/shared/errors';

interface Place {
  readonly code: string;
  readonly proxy?: string | undefined;
  readonly instance?: string | undefined;
  /** The record that says it. */
  readonly seq?: number | undefined;
}

/** Where an incident is seen in the proxy it concerns. */
export interface IncidentLink {
  readonly href: string;
  readonly label: string;
}

/** What these are about is no record: the journal itself, or a file. */
const tabs: Partial<Record<ErrorCode, { readonly tab: string; readonly label: string }>> = {
  audit_tampered: { tab: 'audit', label: 'See its audit log' },
  audit_unavailable: { tab: 'audit', label: 'See its audit log' },
  records_missing: { tab: 'audit', label: 'See its audit log' },
  config_invalid: { tab: 'config', label: 'See its configuration' },
  policy_invalid: { tab: 'policy', label: 'See its policy' },
};

/**
 * Where to look further; undefined where it concerns no proxy. An incident that is no record itself leads to the calls of
 * its instance, since records of its own kind there may be none.
 */
export function linkOfIncident({ code, proxy, instance, seq }: Place): IncidentLink | undefined {
  if (proxy === undefined) return undefined;
  const page = `/proxy/${encodeURIComponent(proxy)}`;
  const place = Object.hasOwn(tabs, code) ? tabs[code as ErrorCode] : undefined;
  if (place !== undefined) return { href: `${page}?tab=${place.tab}`, label: place.label };
  const query = new URLSearchParams({ tab: 'activity' });
  if (instance !== undefined) {
    if (seq !== undefined) query.set('kind', 'system');
    query.set('instance', instance);
    if (seq !== undefined) query.set('record', `${instance}.${seq}`);
  }
  return { href: `${page}?${query}`, label: 'See its records' };
}
