import { readFileSync, rmSync } from 'node:fs';
import { livenessOf, ownProcess, type ProcessIdentity } from '@mcp-acp/audit/process-identity';
import { atomicWrite } from '@mcp-acp/config/atomic-write';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { processIn } from './manager-lock.ts';

/** `manager.pid`: which process is the manager, told apart from a later one of the same id, and where it listens. */
export interface ManagerPidFile {
  readonly process: ProcessIdentity;
  readonly port: number;
  /** Names this start of the manager. */
  readonly startId: string;
  /** Version of the program. */
  readonly program: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

/** Written by the manager itself, once it listens. */
export function writePidFile(paths: HomePaths, given: Omit<ManagerPidFile, 'process'>): void {
  const { port, startId, program, startedAt } = given;
  const content = { ...ownProcess(), port, startId, program, startedAt };
  atomicWrite(paths.managerPid, `${JSON.stringify(content)}\n`);
}

/** Takes the file away if it is this start's; another manager's stays. */
export function removePidFile(paths: HomePaths, startId: string): void {
  if (readPidFile(paths)?.startId === startId) rmSync(paths.managerPid, { force: true });
}

/** Undefined where there is none, or none that can be read: whatever writes this file replaces it whole. */
export function readPidFile(paths: HomePaths): ManagerPidFile | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(readFileSync(paths.managerPid, 'utf8')) as JsonValue;
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const process = processIn(value);
  const { port, startId, program, startedAt } = value;
  if (process === undefined || typeof port !== 'number' || typeof startId !== 'string') return undefined;
  if (typeof program !== 'string' || typeof startedAt !== 'string') return undefined;
  return { process, port, startId, program, startedAt };
}

/** The file of a manager that may be alive: not one whose process is gone, nor one whose id is another program's now. */
export function livePidFile(paths: HomePaths): ManagerPidFile | undefined {
  const file = readPidFile(paths);
  return file === undefined || livenessOf(file.process) === 'dead' ? undefined : file;
}
