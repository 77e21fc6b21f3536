/** Engines name others before themselves, so the order matters. */
const browsers = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const systems = [
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['Android', 'Android'],
  ['Linux', 'Linux'],
] as const;

/** A browser's description of itself as a person says it; what is not known stays as it is. */
export function browserOf(userAgent: string | undefined): string {
  if (userAgent === undefined) return 'Unknown browser';
  const browser = browsers.find(([mark]) => userAgent.includes(mark));
  const system = systems.find(([mark]) => userAgent.includes(mark))?.[1];
  if (browser === undefined) return userAgent;
  const [mark, name] = browser;
  const version = /^\d+/.exec(userAgent.slice(userAgent.indexOf(mark) + mark.length))?.[0];
  return [name, version, system === undefined ? undefined : `on ${system}`].filter(Boolean).join(' ');
}
