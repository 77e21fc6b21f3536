import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemErrorCode } from '@mcp-acp/shared/errors';

/**
 * Replaces a file so that a reader, or a crash at any moment, finds the old content or the new, never a mixture:
 * temporary file (mode 0600), fsync, rename, fsync of the folder. A symbolic link keeps pointing where it did; the
 * file behind it is replaced. Throws Node's error, the old content untouched.
 */
export function atomicWrite(file: string, content: string | Uint8Array): void {
  const target = behindLink(file);
  const temporary = writeTemporary(target, content);
  try {
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDir(dirname(target));
}

/** The same for a file that must not exist yet. Returns false, and leaves what is there, if it does. */
export function atomicCreate(file: string, content: string | Uint8Array): boolean {
  const temporary = writeTemporary(file, content);
  try {
    // Unlike a rename, a link fails where the name is taken, so two writers cannot both win.
    linkSync(temporary, file);
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  syncDir(dirname(file));
  return true;
}

/** Makes names in a folder durable. Some file systems cannot sync a folder; there the rename is as good as it gets. */
export function syncDir(dir: string): void {
  const handle = openSync(dir, 'r');
  try {
    fsyncSync(handle);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EPERM') throw error;
  } finally {
    closeSync(handle);
  }
}

function writeTemporary(target: string, content: string | Uint8Array): string {
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = openSync(temporary, 'wx', 0o600);
  try {
    writeFileSync(handle, content);
    fsyncSync(handle);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
  return temporary;
}

function behindLink(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
