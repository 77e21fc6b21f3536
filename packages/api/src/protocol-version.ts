/**
 * Versions of the API between processes. `most` goes up when an operation changes its meaning or its shape in a way the
 * other side must know; `least` when an older one can no longer be served. What both speak best is the smaller `most`.
 */
export const protocolVersions = { least: 1, most: 1 } as const;

export interface ProtocolRange {
  readonly least: number;
  readonly most: number;
}

/** The version both speak, or undefined. */
export function commonVersion(ours: ProtocolRange, theirs: ProtocolRange): number | undefined {
  const version = Math.min(ours.most, theirs.most);
  return version >= ours.least && version >= theirs.least ? version : undefined;
}
