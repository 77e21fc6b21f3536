import { databaseProblem } from '@mcp-acp/db/database-problem';
import { type HistoryDatabase, openDatabase } from '@mcp-acp/db/open-database';
import { setAside } from '@mcp-acp/db/set-aside';
import type { Clock } from '@mcp-acp/shared/clock';
import type { ProjectionParts } from './project-streams.ts';

export interface OpenParts {
  readonly clock: Clock;
  readonly log: ProjectionParts['log'];
  /** How long another program that holds the database is waited for. */
  readonly waitMs?: number;
}

/** Opens the history. One that is broken is set aside, and an empty one takes its place. Throws what `openDatabase` throws. */
export async function openOrSetAside(file: string, parts: OpenParts): Promise<HistoryDatabase> {
  const options = { file, ...(parts.waitMs === undefined ? {} : { waitMs: parts.waitMs }) };
  try {
    return await openDatabase(options);
  } catch (error) {
    if (databaseProblem(error) !== 'corrupt') throw error;
    setBrokenAside(file, error, parts);
    return await openDatabase(options);
  }
}

/** Moves a broken database out of the way and says so; it is made anew from the journals. Throws system errors. */
export function setBrokenAside(file: string, error: unknown, { clock, log }: OpenParts): void {
  const aside = setAside(file, new Date(clock.now()));
  const why = error instanceof Error ? error.message : String(error);
  log('history_corrupt', { file, why, aside });
}
