import { userInfo } from 'node:os';
import type { Subject, SubjectSource } from '@mcp-acp/shared/subject';

/** The operating system's user, as `local:<name>`; `local:uid-<number>` where the system has no name for it. */
export function localUser(): SubjectSource {
  const subject: Subject = { id: `local:${nameOfUser()}`, kind: 'local' };
  return { current: () => subject };
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
