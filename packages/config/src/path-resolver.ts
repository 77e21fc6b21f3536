import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { systemErrorCode } from '@mcp-acp/shared/errors';

/** Longest text taken for a path, in characters (PATH_MAX of Linux), and most components and links followed. */
const longest = 4096;
/** The same with everything in it that names nothing. */
const longestText = 1024 * 1024;
const mostComponents = 256;
const mostLinks = 40;

export interface PathResolverOptions {
  /** What a relative path is relative to: the backend's working directory. */
  readonly cwd: string;
  /** What `~` stands for. */
  readonly home: string;
}

export interface DiskPathResolver {
  /** Every place some program would take the path for: none, one, or two. */
  places(text: string): readonly string[];
}

/**
 * Resolves paths on this machine's disk to what they would open: `~` and `~/…` expanded, relative ones taken from the
 * backend's working directory, the symbolic links of everything that exists followed (a dangling link too, since
 * writing through it makes its target).
 *
 * There is no place for `~other`, NUL, too long or too deep a path, and a loop of links. There are two for a `..`
 * behind a symbolic link: programs that clean paths as text go up from the link, the kernel from its target.
 */
export function createPathResolver({ cwd, home }: PathResolverOptions): DiskPathResolver {
  const places = (text: string): readonly string[] => {
    if (text.length === 0 || text.length > longestText || text.includes('\0')) return [];
    const expanded = expandHome(text, home);
    if (expanded === undefined) return [];
    const written = isAbsolute(expanded) ? expanded : `${cwd}/${expanded}`;
    // `.` and empty components name nothing, so any number of them leads to the same place.
    const components = written.split('/').filter((component) => component !== '' && component !== '.');
    const absolute = `/${components.join('/')}`;
    if (absolute.length > longest || components.length > mostComponents) return [];
    const cleaned = canonical(resolve(absolute), mostLinks);
    const walked = components.includes('..') ? stepByStep(components) : cleaned;
    if (cleaned === undefined) return walked === undefined ? [] : [walked];
    return walked === undefined || walked === cleaned ? [cleaned] : [cleaned, walked];
  };
  return { places };
}

function expandHome(text: string, home: string): string | undefined {
  if (!text.startsWith('~')) return text;
  if (text === '~') return home;
  return text.startsWith('~/') ? home + text.slice(1) : undefined;
}

/** The path with the links of its longest existing beginning followed. */
function canonical(path: string, links: number): string | undefined {
  // Looked for without exceptions, which cost more than all the rest: most paths of a write do not exist yet.
  let existing = path;
  while (!exists(existing)) {
    const parent = dirname(existing);
    if (parent === existing) return path;
    existing = parent;
  }
  const rest = path.slice(existing.length);
  try {
    return join(realpathSync.native(existing), rest);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ELOOP' || code === 'ENAMETOOLONG') return undefined;
  }
  // It exists and has no real path: a link to nothing. Writing through it would make its target.
  const target = linkTarget(existing);
  if (target === undefined || links === 0) return undefined;
  const above = canonical(dirname(existing), links);
  return above === undefined ? undefined : canonical(join(resolve(above, target), rest), links - 1);
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A part of it is no folder, or may not be looked into.
    return false;
  }
}

/** As the kernel walks: links are followed before `..` is applied. */
function stepByStep(components: readonly string[]): string | undefined {
  let current = '/';
  for (const component of components) {
    if (component === '' || component === '.') continue;
    const next = component === '..' ? dirname(current) : canonical(join(current, component), mostLinks);
    if (next === undefined) return undefined;
    current = next;
  }
  return current;
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}
