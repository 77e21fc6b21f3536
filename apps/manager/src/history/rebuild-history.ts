import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RebuildProgress } from '@mcp-acp/api/ports/history';
import { listStreams } from '@mcp-acp/audit/read-records';
import { streamFileName } from '@mcp-acp/audit/record-hash';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { type HistoryDatabase, openDatabase } from '@mcp-acp/db/open-database';
import { takeProjectLock } from '@mcp-acp/db/project-lock';
import { carryOver, removeDatabase, replaceDatabase } from '@mcp-acp/db/replace-database';
import { AcpError } from '@mcp-acp/shared/errors';
import { findJournals } from './find-journals.ts';
import { openOrSetAside } from './open-or-set-aside.ts';
import { createProjector, type ProjectorOptions } from './projector.ts';

export interface RebuildOptions extends ProjectorOptions {
  readonly dbFile: string;
}

/** How often it is told how far it is. Milliseconds. */
const tellMs = 200;
const doubtMs = 120;

export const rebuildFile = (dbFile: string): string => `${dbFile}.rebuild`;

/**
 * Makes the history anew from the journals, in this process, where no manager has it open. What was there stays in use until
 * the new one is whole. Ends early with the signal, and then nothing has changed. Throws AcpError('history_unavailable').
 */
export async function* rebuildHistory(
  options: RebuildOptions,
  signal: AbortSignal,
): AsyncGenerator<RebuildProgress> {
  const lock = await takeProjectLock(options.dbFile);
  if (lock === undefined) {
    throw new AcpError('history_unavailable', 'A manager, or another program, is writing the history.', {
      fix: 'Ask the manager to do it: mcp-acp history rebuild',
    });
  }
  let old: HistoryDatabase | undefined;
  try {
    old = await openOrSetAside(options.dbFile, { clock: options.clock, log: options.log });
    yield* rebuildBeside(old, options, signal);
  } finally {
    if (old?.client.open === true) old.close();
    lock.release();
  }
}

/**
 * Builds a new history in a file beside the old one, which may be read and written meanwhile, and puts it in its place. Both
 * are closed when that is done, and the old one is open and as it was when it is not.
 */
export async function* rebuildBeside(
  old: HistoryDatabase,
  options: RebuildOptions,
  signal: AbortSignal,
): AsyncGenerator<RebuildProgress> {
  const file = rebuildFile(options.dbFile);
  removeDatabase(file);
  const fresh = await openDatabase({ file });
  const projector = createProjector(fresh, options);
  const stop = (): void => projector.stop();
  signal.addEventListener('abort', stop, { once: true });
  let pass: Promise<void> | undefined;
  try {
    // First, so that what was found in a journal before keeps the time at which it was found.
    carryOver(old, fresh);
    const totalBytes = journalBytes(options.paths);
    const progress = (): RebuildProgress => ({
      doneBytes: Math.min(projector.readBytes, totalBytes),
      totalBytes,
      records: projector.records,
    });
    do {
      const state = { over: false };
      pass = projector.pass().finally(() => {
        state.over = true;
      });
      while (!state.over) {
        await Promise.race([pass, sleep(tellMs)]);
        if (!state.over) yield progress();
      }
      await pass;
      if (projector.doubtful) await sleep(doubtMs);
    } while (projector.doubtful && !signal.aborted);
    if (signal.aborted) return;
    carryOver(old, fresh);
    replaceDatabase(fresh, old);
    yield { ...progress(), doneBytes: totalBytes };
  } finally {
    signal.removeEventListener('abort', stop);
    projector.stop();
    await pass?.catch(() => undefined);
    if (fresh.client.open) fresh.close();
    removeDatabase(file);
  }
}

/** Of all streams there are. */
function journalBytes(paths: HomePaths): number {
  let bytes = 0;
  for (const { auditDir } of findJournals(paths)) {
    for (const stream of listStreams(auditDir)) {
      bytes += lstatSync(join(auditDir, streamFileName(stream)), { throwIfNoEntry: false })?.size ?? 0;
    }
  }
  return bytes;
}
