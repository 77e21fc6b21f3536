'use client';

/** Goes to a part of the Policy tab without loading the page again. `null` takes a parameter out. */
export function openPart(part: string, more: Readonly<Record<string, string | null>> = {}): void {
  const query = new URLSearchParams(location.search);
  query.set('tab', 'policy');
  for (const [name, value] of Object.entries({ ...more, part })) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  history.pushState(null, '', `${location.pathname}?${query}`);
}

/** Where a record is shown. */
export const recordLink = ({
  proxy,
  instance,
  seq,
}: {
  proxy: string;
  instance: string;
  seq: number;
}): string =>
  `/proxy/${encodeURIComponent(proxy)}?tab=activity&record=${encodeURIComponent(`${instance}.${seq}`)}`;
