import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** The folder with its symbolic links followed, or as it is written where it does not exist yet. */
export function canonicalFolder(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}
