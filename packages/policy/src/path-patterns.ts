import type { PathResolver } from './facts.ts';
import { compilePathGlob, type Glob, splitSegments, unfoldBraces } from './glob.ts';
import { folded } from './path-forms.ts';

/** What a compiler must know of the machine to read `~/` and links in patterns. */
export interface PatternSurroundings {
  /** The user's home, absolute. Without it an allow on `~/…` matches nothing, and a deny matches any folder. */
  readonly home?: string;
  /** Follows links in the fixed front part of a pattern, once, when the policy is compiled. */
  readonly paths?: PathResolver;
}

/** The patterns of one condition, ready to match. */
export interface PathPatterns {
  /** For an allow: exact, over the readings of a path. */
  readonly path: Glob;
  /** For an allow: exact, over the canonical text of a URI. */
  readonly uri: Glob;
  /** Whether any pattern names a scheme, so that URIs are judged by this condition. */
  readonly judgesUris: boolean;
  /** For deny and ask: over the folded forms of either. */
  readonly anyForm: Glob;
}

export function compilePathPatterns(
  patterns: readonly string[],
  surroundings: PatternSurroundings,
): PathPatterns {
  const exact: string[] = [];
  const uris: string[] = [];
  const loose: string[] = [];
  for (const pattern of patterns.flatMap(unfoldBraces)) {
    if (/^file:\/\//i.test(pattern)) addPath(pattern.slice(7));
    else if (pattern.includes('://')) {
      const split = pattern.indexOf('/', pattern.indexOf('://') + 3);
      const front = split < 0 ? pattern.length : split;
      uris.push(pattern.slice(0, front).toLowerCase() + pattern.slice(front));
      loose.push(pattern);
    } else addPath(pattern);
  }
  return {
    path: anyOf(exact.map(compilePathGlob)),
    uri: anyOf(uris.map(compilePathGlob)),
    judgesUris: uris.length > 0,
    anyForm: anyOf([...new Set(loose.map(folded))].map(compilePathGlob)),
  };

  function addPath(pattern: string): void {
    const normal = pattern.replace(/\/{2,}/g, '/');
    const inHome = normal === '~' || normal.startsWith('~/');
    if (inHome) loose.push(normal);
    if (inHome && surroundings.home === undefined) {
      loose.push(`**${normal.slice(1)}`);
      return;
    }
    const home = (surroundings.home ?? '').replace(/\/+$/, '');
    const full = inHome ? escapeGlob(home) + normal.slice(1) : normal;
    exact.push(full);
    loose.push(full);
    const followed = followFront(full, surroundings.paths);
    if (followed !== undefined) {
      exact.push(followed);
      loose.push(followed);
    }
  }
}

function anyOf(globs: readonly Glob[]): Glob {
  const [only] = globs;
  if (globs.length === 1 && only !== undefined) return only;
  return (text) => {
    for (const glob of globs) if (glob(text)) return true;
    return false;
  };
}

const escapeGlob = (text: string): string => text.replace(/[*?[\]{}\\]/g, '\\$&');

/** The pattern with the folders before its first wildcard replaced by the place they lead to, if that differs. */
function followFront(pattern: string, paths: PathResolver | undefined): string | undefined {
  if (paths === undefined || !pattern.startsWith('/')) return undefined;
  const segments = splitSegments(pattern);
  const firstWild = segments.findIndex((segment) => /(?<!\\)[*?[]/.test(segment));
  const front = firstWild < 0 ? segments : segments.slice(0, firstWild);
  const folder = front.join('/').replace(/\\(.)/g, '$1');
  if (folder === '') return undefined;
  const [place, other] = paths.places(folder);
  if (place === undefined || other !== undefined || place === folder) return undefined;
  const rest = segments.slice(front.length);
  const start = place === '/' ? '' : escapeGlob(place);
  return rest.length === 0 ? escapeGlob(place) : `${start}/${rest.join('/')}`;
}
