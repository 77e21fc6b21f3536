interface Place {
  readonly proxy?: string | undefined;
  readonly instance?: string | undefined;
  /** The record that says it. */
  readonly seq?: number | undefined;
}

/** Where the record of an incident is seen, or those around it; undefined where it concerns no proxy. */
export function recordsOf({ proxy, instance, seq }: Place): string | undefined {
  if (proxy === undefined) return undefined;
  const query = new URLSearchParams({ tab: 'activity', kind: 'system' });
  if (instance !== undefined) query.set('instance', instance);
  if (instance !== undefined && seq !== undefined) query.set('record', `${instance}.${seq}`);
  return `/proxy/${encodeURIComponent(proxy)}?${query}`;
}
