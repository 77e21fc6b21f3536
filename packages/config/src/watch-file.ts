import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

export interface FileWatch {
  close(): void;
}

/**
 * Calls `changed` when the file at `file` is another one, or is gone or back. The folder is watched, not the file, so
 * that editors which write a new file and rename it over the old one are seen. Never keeps the process alive.
 * Where the folder cannot be watched it is looked at every two seconds.
 */
export function watchFile(
  file: string,
  changed: () => void,
  { debounceMs = 50, pollMs = 2_000 }: { debounceMs?: number; pollMs?: number } = {},
): FileWatch {
  const name = basename(file);
  let last = stamp(file);
  let timer: NodeJS.Timeout | undefined;
  let poll: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;

  const look = () => {
    timer = undefined;
    const now = stamp(file);
    if (now === last) return;
    last = now;
    changed();
  };
  const soon = () => {
    // Not restarted by further events: a file that changes without pause is still looked at.
    timer ??= setTimeout(look, debounceMs).unref();
  };
  const fallBack = () => {
    watcher?.close();
    watcher = undefined;
    poll ??= setInterval(look, pollMs).unref();
  };

  try {
    watcher = watch(dirname(file), { persistent: false }, (_event, changedName) => {
      if (changedName === null || changedName === name) soon();
    });
    watcher.on('error', fallBack);
  } catch {
    fallBack();
  }
  return {
    close() {
      watcher?.close();
      clearTimeout(timer);
      clearInterval(poll);
      watcher = undefined;
    },
  };
}

/** What tells one state of a file from the next; the inode tells a replaced one of the same size and time. */
function stamp(file: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(file);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch {
    return 'absent';
  }
}
