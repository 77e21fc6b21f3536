import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { proxyNameProblem } from '@mcp-acp/shared/proxy-name';

/** A folder with a proxy's journal. */
export interface JournalFolder {
  /** The proxy's name. */
  readonly name: string;
  readonly archived: boolean;
  readonly auditDir: string;
  readonly payloadsDir: string;
  /** Another folder of the same path is another one. */
  readonly identity: string;
}

/** Journals of all proxies, of those that were removed too. A folder that cannot be read has none. */
export function findJournals(paths: HomePaths): readonly JournalFolder[] {
  const live = join(paths.logs, 'proxies');
  const setAside = join(paths.logs, 'archive');
  return [
    ...names(live).flatMap((name) => journalIn(join(live, name), name, false)),
    ...names(paths.archive).flatMap((name) =>
      journalIn(join(paths.archive, name, 'logs'), nameOf(name), true),
    ),
    // Where the logs lie on another disk they are archived there.
    ...names(setAside).flatMap((name) => journalIn(join(setAside, name), nameOf(name), true)),
  ];
}

/** Of a folder in the archive: `<name>_<time>`. */
const nameOf = (folder: string): string => folder.replace(/_\d{4}-\d\d-\d\dT[\dZ-]+$/, '');

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function journalIn(logs: string, name: string, archived: boolean): JournalFolder[] {
  if (proxyNameProblem(name) !== undefined) return [];
  const auditDir = join(logs, 'audit');
  const stat = lstatSync(auditDir, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return [];
  return [
    { name, archived, auditDir, payloadsDir: join(logs, 'payloads'), identity: `${stat.dev}:${stat.ino}` },
  ];
}
