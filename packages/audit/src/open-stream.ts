import * as fs from 'node:fs';

/** What stands in the place of a stream's file and is none. */
export interface NoStreamFile {
  readonly why: string;
  /** There is nothing of that name. */
  readonly missing?: true;
}

/**
 * Opens a stream's file for reading: a plain file with one name and no link. `why` where it is something else. Throws
 * other system errors.
 */
export function openStream(path: string): { readonly fd: number } | NoStreamFile {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { why: 'the file is missing', missing: true };
  if (!stat.isFile()) return { why: 'it is not a plain file' };
  if (stat.nlink > 1) return { why: 'the file has a second name through which it can be written' };
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  return { fd: fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) };
}
