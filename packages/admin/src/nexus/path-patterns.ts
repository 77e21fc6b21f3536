import { policyLimits } from '@mcp-acp/policy/policy';

/**
 * Path patterns of mcp-acp-nexus: `**` is any text wherever it stands, slashes included, and `/**` at the end takes the
 * folder itself too; brackets and braces stand for themselves; a path is compared as it is written. Ours compare whole
 * absolute paths, and their `**` stands alone between slashes for any number of folders.
 */

const mostAlternatives = 16;

/** Patterns that match no more; none where there is none. */
export function narrowerPath(pattern: string): readonly string[] {
  const text = trimmed(pattern);
  if (text === '**') return ['**'];
  if (!isPlain(text) || text.includes('//')) return [];
  if (!text.startsWith('/') && !text.startsWith('**/')) return [];
  const segments = text.split('/');
  const written = segments.flatMap((segment, index): string[] => {
    if (segment !== '**') return [escaped(segment.replace(/\*{2,}/g, '*'))];
    // At the end it takes the folder too, as ours does; elsewhere something must stand there, where ours takes nothing too.
    if (index === segments.length - 1) return ['**'];
    return index === 0 ? ['', '**'] : ['*', '**'];
  });
  return bounded([written.join('/')]);
}

/** Patterns of which one matches whatever the one given matches; `**` where nothing closer can be said. */
export function widerPath(pattern: string): readonly string[] {
  const text = trimmed(pattern);
  if (!isPlain(text) || text === '') return ['**'];
  const rooted = /^(?:\/|\*\*(?:\/|$))/.test(text)
    ? text
    : text.startsWith('**')
      ? `**/${text.slice(2)}`
      : undefined;
  // What is relative there is a path from some folder here; what begins with any text may begin within a name.
  const starts =
    rooted === undefined ? [`**/${text}`] : rooted === text ? [text] : [rooted, `**/*${text.slice(2)}`];
  const all = starts.flatMap((start) => unfolded(start.replace(/\/{2,}/g, '/')));
  const patterns = all.length > mostAlternatives ? [] : bounded(all);
  return patterns.length === 0 ? ['**'] : patterns;
}

/** A segment with `**` inside is one with `*`, or it ends there and another one goes on, with any folders between. */
function unfolded(pattern: string): readonly string[] {
  let open: string[][] = [[]];
  for (const segment of pattern.split('/')) {
    const parts = segment === '**' ? [segment] : segment.split(/\*{2,}/);
    open = open.flatMap((before) =>
      segment === '**' ? [[...before, '**']] : joined(parts.map(escaped)).map((tail) => [...before, tail]),
    );
    if (open.length > mostAlternatives) return open.map((one) => one.join('/'));
  }
  return open.map((one) => one.join('/'));
}

function joined(parts: readonly string[]): readonly string[] {
  return parts
    .slice(1)
    .reduce<readonly string[]>(
      (texts, part) => texts.flatMap((text) => [`${text}*${part}`, `${text}*/**/*${part}`]),
      [parts[0] ?? ''],
    );
}

const trimmed = (pattern: string): string => pattern.replace(/\/+$/, '');

/** Without what is written otherwise here, or is no path: a backslash, a scheme, a home, `.` and `..`. */
const isPlain = (text: string): boolean =>
  !/\\|:\/\/|^~|^[A-Za-z]:/.test(text) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(text);

const escaped = (text: string): string => text.replace(/[[\]{}]/g, '\\$&');

const bounded = (patterns: readonly string[]): readonly string[] =>
  patterns.every((pattern) => pattern.length <= policyLimits.patternLength) ? patterns : [];
