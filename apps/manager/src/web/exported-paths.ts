/** The one name the export has a page for in place of every proxy's. */
const anyProxy = '/proxy/_';

export interface Meant {
  /** Exported files, the likeliest first. */
  readonly files: readonly string[];
  /** A place a person goes to, rather than a file that a page loads. */
  readonly isPlace: boolean;
}

/**
 * What a percent-encoded path may mean; undefined where it cannot be read. A proxy's page is told by the path as it came,
 * in which a slash that is part of a name is not one that divides.
 */
export function meantBy(encoded: string): Meant | undefined {
  const path = decoded(encoded);
  if (path === undefined) return undefined;
  const [, name, rest] = /^\/proxy\/([^/]+)(?:\/(.*))?$/.exec(encoded) ?? [];
  if (name !== undefined) return ofProxy(name, rest);
  const whole = path.endsWith('/') ? path.slice(0, -1) : path;
  return {
    files: [path, `${whole}.html`, `${whole}/index.html`],
    // Places have no dot in their last part, files have.
    isPlace: !/\.[^/]*$/.test(path),
  };
}

/** The page itself, and what Next's router fetches of it when a link is followed. */
function ofProxy(name: string, rest: string | undefined): Meant {
  if (rest === undefined || rest === '') {
    return name.endsWith('.txt')
      ? { files: [`${anyProxy}.txt`], isPlace: false }
      : { files: [`${anyProxy}.html`], isPlace: true };
  }
  const payload = decoded(rest);
  const isPayload = payload?.startsWith('__next.') === true;
  return { files: isPayload ? [`${anyProxy}/${payload}`] : [], isPlace: !rest.includes('.') };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
