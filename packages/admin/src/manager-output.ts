import { closeSync, fstatSync, openSync, readSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { ensurePrivateDir } from '@mcp-acp/config/private-dir';
import { AcpError, type ErrorCode, errorTable } from '@mcp-acp/shared/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';

/** The most of it that is looked at. Bytes. */
const tailBytes = 65_536;

/**
 * Opens the file a manager prints into: it has no terminal, and outlives whoever starts it, who would else hold the
 * other end of its pipe. The output of the start before is kept beside it. Returns a descriptor.
 */
export function openOutput(paths: HomePaths): number {
  ensurePrivateDir(dirname(paths.managerOutput));
  try {
    renameSync(paths.managerOutput, `${paths.managerOutput}.1`);
  } catch {
    // There is none yet.
  }
  return openSync(paths.managerOutput, 'a', 0o600);
}

/** A failure as every command prints it with `--json`, as data. */
export const failureOf = ({ code, message, fix }: AcpError): JsonObject => ({
  code,
  message,
  ...(fix === undefined ? {} : { fix }),
});

/** The failure in what {@link failureOf} made, or undefined. */
export function readFailure(value: JsonValue | undefined): AcpError | undefined {
  if (value === undefined || !isJsonObject(value)) return undefined;
  const { code, message, fix } = value;
  if (typeof code !== 'string' || !Object.hasOwn(errorTable, code) || typeof message !== 'string') {
    return undefined;
  }
  return new AcpError(code as ErrorCode, message, typeof fix === 'string' ? { fix } : {});
}

/** Why a manager ended that could not start, by what it printed; `exit` says how. */
export function lastWords(paths: HomePaths, exit: string): AcpError {
  const text = tailOf(paths.managerOutput);
  for (const line of text.split('\n').reverse()) {
    const failure = readFailure(errorIn(line));
    if (failure !== undefined) return failure;
  }
  const last = text.trim().split('\n').slice(-3).join(' ').slice(-500);
  return new AcpError(
    'manager_not_started',
    `The manager ended with ${exit}${last === '' ? '.' : `: ${last}`}`,
    {
      fix: `Its output: ${paths.managerOutput}. In sight: mcp-acp manager start --foreground`,
    },
  );
}

function errorIn(line: string): JsonValue | undefined {
  try {
    const value = JSON.parse(line) as JsonValue;
    return isJsonObject(value) ? value.error : undefined;
  } catch {
    return undefined;
  }
}

function tailOf(file: string): string {
  try {
    const fd = openSync(file, 'r');
    try {
      const { size } = fstatSync(fd);
      const bytes = Buffer.alloc(Math.min(size, tailBytes));
      readSync(fd, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString('utf8');
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
