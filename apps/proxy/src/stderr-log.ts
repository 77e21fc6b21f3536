import { limits } from '@mcp-acp/shared/limits';
import { type BoundedLog, openBoundedLog } from './bounded-log.ts';

/** Our stderr may be a pipe that nobody reads; more than this is not kept for it. */
const mirrorBytes = 65_536;

/**
 * What a backend writes on stderr: kept in `file`, bounded, and passed on to our own stderr, where clients show it, as
 * long as somebody reads that.
 */
export function openStderrLog(file: string, mirror: NodeJS.WriteStream): BoundedLog {
  const log = openBoundedLog(file, limits.stderrLogBytes);
  return {
    write: (chunk) => {
      log.write(chunk);
      if (!mirror.destroyed && mirror.writableLength < mirrorBytes) mirror.write(chunk);
    },
    close: log.close,
  };
}
