import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ErrorCode } from '@mcp-acp/shared/errors';

export interface IncidentLine {
  readonly time: string;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly proxyId?: string;
  readonly proxyName: string;
  readonly instance?: string;
}

/** Adds a line to a file of `incidents/`, which outlives the proxy it tells of. It never throws: there is no third place. */
export function writeIncident(file: string, line: IncidentLine): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  } catch {
    // The caller has told stderr already.
  }
}
