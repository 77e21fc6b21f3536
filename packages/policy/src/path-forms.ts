/** Longer text is no path on any system we know, nor worth reading as one. Characters. */
export const maxPathLength = 4096;
const maxReadings = 8;

/**
 * How several readers could take one path: as written, trimmed, percent-decoded (again and again), cut at a NUL,
 * with backslashes as slashes, with `$HOME` filled in. `certain` is false where there are more readings than the
 * bound or a reading is no text at all.
 */
export interface PathReadings {
  readonly readings: readonly string[];
  readonly certain: boolean;
}

const special = /[%\\$\0]|^\s|\s$/;

export function readingsOfPath(text: string): PathReadings {
  if (text.length > maxPathLength) return { readings: [], certain: false };
  if (!special.test(text)) return { readings: [text], certain: true };
  const readings = [text];
  let certain = true;
  const add = (reading: string): void => {
    if (readings.includes(reading)) return;
    if (readings.length < maxReadings) readings.push(reading);
    else certain = false;
  };
  for (let index = 0; index < readings.length; index++) {
    const reading = readings[index] as string;
    add(reading.trim());
    const nul = reading.indexOf('\0');
    if (nul >= 0) {
      certain = false;
      add(reading.slice(0, nul));
    }
    if (reading.includes('%')) {
      const decoded = percentDecoded(reading);
      if (!decoded.valid) certain = false;
      add(decoded.text);
    }
    if (reading.includes('\\')) add(reading.replace(/^\\\\[?.]\\/, '').replaceAll('\\', '/'));
    const home = /^(?:\$HOME|\$\{HOME\}|%USERPROFILE%|\$env:USERPROFILE)(?=[/\\]|$)/i.exec(reading);
    if (home !== null) add(`~${reading.slice(home[0].length)}`);
  }
  return { readings, certain };
}

/** Percent-decoding that keeps what it cannot read, and knows the overlong forms of "." and "/". */
function percentDecoded(text: string): { readonly text: string; readonly valid: boolean } {
  let valid = true;
  const decoded = text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      valid = false;
      return run
        .replace(/%c0%ae/gi, '.')
        .replace(/%c0%af/gi, '/')
        .replace(/%c1%9c/gi, '\\')
        .replace(/%(2e|2f|5c|7e)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    }
  });
  return { text: decoded, valid };
}

/**
 * The textual normal form: one slash between segments, no `.`, `..` taken back where the segment before it is known
 * by name, no trailing slash. `/` stays `/`.
 */
export function normalPath(path: string): string {
  if (!/\/\/|(?:^|\/)\.{1,2}(?:\/|$)|.\/$/.test(path)) return path;
  const absolute = path.startsWith('/');
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    const last = kept.at(-1);
    if (segment !== '..') kept.push(segment);
    else if (last === undefined) {
      if (!absolute) kept.push(segment);
    } else if (last === '..' || (kept.length === 1 && last.startsWith('~') && !absolute)) kept.push(segment);
    else kept.pop();
  }
  const joined = kept.join('/');
  if (absolute) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

export const climbs = (path: string): boolean => /(?:^|\/)\.\.(?:\/|$)/.test(path);

/**
 * A text too long for a path, without what names nothing in it (`.`, `a/..`, doubled slashes, encoded or not): what a
 * program that cleans paths before it opens them is left with. Undefined where that is too long as well.
 */
export function condensedPath(text: string): string | undefined {
  if (!/[/\\%]/.test(text)) return undefined;
  const path = normalPath(percentDecoded(text).text.replaceAll('\\', '/'));
  return path.length <= maxPathLength ? path : undefined;
}

/** How a deny compares: composed and in lower case, because the volume may tell neither apart. */
export function folded(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test is for "only ASCII", control characters included.
  return /^[\x00-\x7f]*$/.test(text)
    ? text.toLowerCase()
    : text.normalize('NFC').toLowerCase().normalize('NFC');
}
