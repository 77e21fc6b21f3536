import type { OperationEntry, OperationLog } from '@mcp-acp/api/ports/operation-log';
import { AcpError } from '@mcp-acp/shared/errors';
import { openRotatingFile, type RotationLimits } from './rotating-file.ts';

export type LogLevel = 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One HTTP request that is over. Its path without query, since a query may hold what is nobody's business. */
export interface RequestLine {
  readonly request: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly proxy?: string;
  readonly instance?: string;
  readonly code?: string;
  readonly why?: string;
}

/** What the manager does, for whoever looks after it: one JSON object a line with `time`, `level` and `event`. */
export interface SystemLog extends OperationLog {
  write(level: LogLevel, event: string, fields?: LogFields): void;
  request(line: RequestLine): void;
  /** What went wrong in here and is nobody's fault but ours. */
  fault(error: unknown, path: string | undefined): void;
  close(): void;
}

export const systemLogLimits: RotationLimits = { bytes: 8 * 1024 * 1024, files: 4 };

/** Longest text in a line; what is longer has been cut, which its last character shows. */
const mostText = 2_000;

/** Never throws: a log that cannot be written loses lines, and says how many as soon as it can. */
export function openSystemLog(file: string, limits: RotationLimits = systemLogLimits): SystemLog {
  const lines = openRotatingFile(file, limits);
  let lost = 0;

  const append = (level: LogLevel, event: string, fields: LogFields = {}): void => {
    const line = { time: new Date().toISOString(), level, event, ...shortened(fields) };
    lines.append(`${JSON.stringify(line)}\n`);
  };

  const write: SystemLog['write'] = (level, event, fields) => {
    try {
      if (lost > 0) {
        append('warn', 'lines_lost', { lines: lost });
        lost = 0;
      }
      append(level, event, fields);
    } catch {
      lost++;
    }
  };

  return {
    write,
    request: ({ request, method, path, status, durationMs, ...more }) =>
      write(levelOf(status), 'request', {
        request,
        method,
        path,
        status,
        durationMs: rounded(durationMs),
        ...more,
      }),
    record: ({ request, kind, path, status, durationMs, ...more }: OperationEntry) =>
      write(levelOf(status), 'operation', {
        request,
        method: kind,
        path,
        status,
        durationMs: rounded(durationMs),
        ...more,
      }),
    fault: (error, path) =>
      write('error', 'fault', {
        ...(path === undefined ? {} : { path }),
        code: error instanceof AcpError ? error.code : 'internal',
        detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
    close: lines.close,
  };
}

/** What the other side did wrong is a warning, what we could not do an error. */
const levelOf = (status: number): LogLevel => (status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info');

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

const shortened = (fields: LogFields): LogFields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' && value.length > mostText ? `${value.slice(0, mostText)}…` : value,
    ]),
  );
