import type { GrantLimit } from '@mcp-acp/policy/policy';
import type { GrantOffer, GrantReach } from '@mcp-acp/shared/live/approval';
import type { PlacesAskedAbout } from './places-asked-about.ts';

const mostPathLength = 4096;

/** How far a "yes" to this request may reach, as its rules let it. Narrow ones first. */
export function offersFor(
  limit: GrantLimit | undefined,
  { tool, places }: { readonly tool: string | undefined; readonly places: PlacesAskedAbout },
): readonly GrantOffer[] {
  if (limit === undefined) return [];
  const bounds = {
    ...(Number.isFinite(limit.ttlMs) ? { mostMs: limit.ttlMs } : {}),
    ...(limit.uses === undefined ? {} : { mostUses: limit.uses }),
  };
  const offers: GrantOffer[] = [{ scope: 'exact', ...bounds }];
  if (limit.scope === 'exact') return offers;
  for (const place of reachesOf(places)) offers.push({ scope: 'path', ...place, ...bounds });
  if (limit.scope === 'tool' && tool !== undefined) offers.push({ scope: 'tool', ...bounds });
  return offers;
}

/** The one file all of it is about, and the folder all of it lies in. None where it is not certain what is named. */
function reachesOf({
  operands,
  mentions,
  complete,
}: PlacesAskedAbout): readonly { readonly path: string; readonly folder: boolean }[] {
  const paths = new Set<string>();
  if (!complete || operands.length === 0) return [];
  for (const fact of [...operands, ...mentions]) {
    const [path] = fact.readings;
    if (fact.kind !== 'path' || !fact.certain || fact.readings.length !== 1 || path === undefined) return [];
    if (!path.startsWith('/') || path.length > mostPathLength) return [];
    paths.add(path);
  }
  const folder = folderOfAll([...paths]);
  const [only] = paths;
  return [
    ...(paths.size === 1 && only !== undefined && only !== '/' ? [{ path: only, folder: false }] : []),
    ...(folder === '/' ? [] : [{ path: folder, folder: true }]),
  ];
}

function folderOfAll(paths: readonly string[]): string {
  const [first, ...others] = paths.map((path) => path.split('/').slice(0, -1));
  let common = first ?? [];
  for (const folders of others) {
    let same = 0;
    while (same < common.length && common[same] === folders[same]) same++;
    common = common.slice(0, same);
  }
  return common.length <= 1 ? '/' : common.join('/');
}

/** The offer a wished reach lies within, or undefined. */
export function offerOf(offers: readonly GrantOffer[], reach: GrantReach): GrantOffer | undefined {
  return offers.find(
    ({ scope, path, mostMs, mostUses }) =>
      scope === reach.scope &&
      path === reach.path &&
      (mostMs === undefined || reach.forMs === undefined || reach.forMs <= mostMs) &&
      (mostUses === undefined || reach.uses === undefined || reach.uses <= mostUses),
  );
}

/** Whether everything a request names lies at the path, or in the folder. */
export function liesWithin(
  { operands, mentions, complete }: PlacesAskedAbout,
  { path, folder }: { readonly path: string; readonly folder: boolean },
): boolean {
  if (!complete || operands.length === 0) return false;
  const inside = (place: string): boolean =>
    place === path ? !folder : folder && place.startsWith(`${path}/`);
  return [...operands, ...mentions].every(
    (fact) =>
      fact.kind === 'path' && fact.certain && fact.readings.length === 1 && fact.readings.every(inside),
  );
}
