import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import { atomicCreate } from './atomic-write.ts';

/** Longer than any change of a small file takes; an older lock was left by someone who died. */
const staleMs = 30_000;

/**
 * Runs `act` while no other program does the same for `file`: comparing a file and replacing it are two steps. The lock
 * is `<file>.lock` with the holder's process id. Throws AcpError('stale_edit') while another holds it, since the
 * file is about to be another one.
 */
export function withWriteLock<T>(file: string, act: () => T): T {
  const lock = `${file}.lock`;
  if (!atomicCreate(lock, String(process.pid))) {
    if (!removeDead(lock) || !atomicCreate(lock, String(process.pid))) {
      throw new AcpError('stale_edit', `${file} is being changed by someone else.`, {
        fix: 'Read it again and repeat the change.',
      });
    }
  }
  try {
    return act();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Takes a lock away whose holder is gone. False while it lives. */
function removeDead(lock: string): boolean {
  try {
    const seen = readFileSync(lock, 'utf8');
    if (isAlive(Number(seen)) && Date.now() - statSync(lock).mtimeMs < staleMs) return false;
    // Moved before it is deleted, so that of two who find it dead only one takes it, and not a lock made since.
    const taken = `${lock}.${randomBytes(6).toString('hex')}`;
    renameSync(lock, taken);
    const same = readFileSync(taken, 'utf8') === seen;
    rmSync(taken, { force: true });
    return same;
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT';
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}
