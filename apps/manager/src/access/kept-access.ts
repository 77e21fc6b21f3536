import { AcpError, type ErrorCode, systemErrorCode } from '@mcp-acp/shared/errors';
import { readAccess, type Stored, setAside, writeAccess } from './access-file.ts';
import { noMarks } from './read-marks.ts';

export interface KeptAccessOptions {
  readonly file: string;
  readonly log: (code: ErrorCode, detail: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Until what could not be written is tried again. Milliseconds. */
  readonly retryMs: number;
}

/** What access.json says, and its way there. */
export interface KeptAccess {
  /** As it was at the start. */
  readonly stored: Stored;
  /** Why it is neither read nor written as long as this manager runs, if so. */
  readonly problem: AcpError | undefined;
  /** What is in memory is not in the file. */
  readonly isBehind: boolean;
  /** Something changed that may be written with the next that must. */
  fallBehind(): void;
  /** Throws AcpError('internal'); it is then tried again until the disk takes it. */
  write(): void;
  /** The same where nobody waits for it. */
  writeSoon(): void;
  close(): void;
}

/** Reads the file, or puts it aside. `content` is what is in memory at that moment. */
export function keepAccess(
  { file, log, now, retryMs }: KeptAccessOptions,
  content: () => Stored,
): KeptAccess {
  const { stored, problem } = readOrSetAside(file, { log, now });
  let isBehind = false;
  let isClosed = false;
  let retry: NodeJS.Timeout | undefined;

  const write = (): void => {
    if (problem !== undefined) throw problem;
    isBehind = true;
    clearTimeout(retry);
    try {
      writeAccess(file, content());
      isBehind = false;
    } catch (error) {
      const code = systemErrorCode(error) ?? 'unknown';
      if (!isClosed) retry = setTimeout(writeSoon, retryMs).unref();
      throw new AcpError('internal', `access.json cannot be written (${code}); it is tried again.`, {
        cause: error,
      });
    }
  };

  let lastSaid: string | undefined;
  const writeSoon = (): void => {
    if (problem !== undefined) return;
    try {
      write();
      lastSaid = undefined;
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      // Once for each reason, however often it is tried.
      if (said !== lastSaid) log('internal', said);
      lastSaid = said;
    }
  };

  return {
    stored,
    problem,
    get isBehind() {
      return isBehind;
    },
    fallBehind: () => {
      isBehind = true;
    },
    write,
    writeSoon,
    close: () => {
      isClosed = true;
      clearTimeout(retry);
      if (isBehind) writeSoon();
    },
  };
}

function readOrSetAside(
  file: string,
  { log, now }: { readonly log: KeptAccessOptions['log']; readonly now: number },
): { readonly stored: Stored; readonly problem: AcpError | undefined } {
  const stored: Stored = { sessions: [], tokens: [], marks: noMarks };
  const lockedBy = (problem: AcpError) => {
    log(problem.code, problem.message);
    return { stored, problem };
  };
  const read = readAccess(file);
  switch (read.state) {
    case 'read':
      return { stored: read.stored, problem: undefined };
    case 'absent':
      return { stored, problem: undefined };
    case 'newer':
      return lockedBy(
        new AcpError(
          'format_too_new',
          'access.json was written by a newer version, so every page stays locked.',
          {
            fix: 'Use the newer version of mcp-acp.',
          },
        ),
      );
    case 'damaged':
      try {
        const aside = setAside(file, now);
        log(
          'config_invalid',
          `access.json was set aside as ${aside}, and every page is locked: ${read.why}.`,
        );
        return { stored, problem: undefined };
      } catch (error) {
        const code = systemErrorCode(error) ?? 'unknown';
        return lockedBy(
          new AcpError(
            'config_invalid',
            `access.json cannot be used (${read.why}) nor set aside (${code}).`,
            {
              fix: `Remove ${file} and start the manager again.`,
              cause: error,
            },
          ),
        );
      }
  }
}
