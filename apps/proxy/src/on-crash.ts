import { type IncidentLine, writeIncident } from './incident-log.ts';

/** How long last words may take. Milliseconds. */
const lastWordsMs = 500;

/**
 * An exception nobody caught is a fault of ours: nothing that was decided can be trusted to go on. It is written down
 * with its stack, the last records reach the disk, the backend is ended, and the process leaves.
 */
export function onCrash(
  place: { readonly file: string } & Omit<IncidentLine, 'time' | 'code' | 'detail'>,
  lastWords: () => void,
): void {
  const { file, ...who } = place;
  const crash = (error: unknown): void => {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`mcp-acp: ${detail}\n`);
    writeIncident(file, { time: new Date().toISOString(), code: 'internal', detail, ...who });
    setTimeout(() => process.exit(1), lastWordsMs);
    lastWords();
  };
  process.once('uncaughtException', crash);
  process.once('unhandledRejection', crash);
}
