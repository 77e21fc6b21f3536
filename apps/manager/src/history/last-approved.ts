import type { LastApproved } from '@mcp-acp/api/ports/history';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import type { RecordSearch } from '@mcp-acp/db/search-records';
import { findJournals } from './find-journals.ts';
import type { IncidentReport } from './incident-report.ts';
import { keptPayload, readWhole } from './journal-lines.ts';

const mostLooked = 32;
/** A page may end before it is full. */
const mostPages = 8;

export interface LookedIn {
  readonly search: RecordSearch;
  readonly paths: HomePaths;
  readonly tampered: IncidentReport['tampered'];
}

/** The newest call of a tool that went to the backend since a person said so, and whose arguments can still be read. */
export function lastApproved(
  { search, paths, tampered }: LookedIn,
  { proxy, tool }: { readonly proxy: string; readonly tool: string },
): LastApproved | undefined {
  const filter = { proxy, tool, type: 'decision', effect: 'ask', disposition: 'forwarded' };
  const folders = findJournals(paths);
  let cursor: string | undefined;
  for (let pages = 0, looked = 0; pages < mostPages && looked < mostLooked; pages++) {
    const page = search.page(filter, { limit: 8, ...(cursor === undefined ? {} : { cursor }) });
    for (const found of page?.records ?? []) {
      looked++;
      try {
        const { folder, record } = readWhole(folders, found, tampered);
        const kept = keptPayload(folder, record);
        if (kept !== undefined) return { time: new Date(found.time).toISOString(), arguments: kept };
      } catch {
        // A journal that is gone or is not what it was says nothing here; whoever looks at the record is told.
      }
    }
    cursor = page?.cursor;
    if (cursor === undefined) break;
  }
  return undefined;
}
