import { existsSync, renameSync } from 'node:fs';

/** What SQLite keeps beside a database. */
export const companions = ['-wal', '-shm', '-journal'] as const;

/** Renames a database that cannot be used, with all that belongs to it, and returns its new path. Throws system errors. */
export function setAside(file: string, now: Date): string {
  const aside = `${file}.corrupt-${now.toISOString().replace(/[:.]/g, '-')}`;
  for (const ending of companions) {
    if (existsSync(file + ending)) renameSync(file + ending, aside + ending);
  }
  renameSync(file, aside);
  return aside;
}
