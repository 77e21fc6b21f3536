import { spawnSync } from 'node:child_process';

/** These tests cannot run without strace, and say so rather than pass by doing nothing. */
export default function needsStrace(): void {
  if (process.platform !== 'linux') {
    throw new Error('The system tests need Linux: they inject faults into system calls with strace.');
  }
  if (spawnSync('strace', ['-V'], { stdio: 'ignore' }).status !== 0) {
    throw new Error('strace is not installed. Run: npm run setup:system');
  }
  const traced = spawnSync('strace', ['-qq', '-e', 'trace=none', 'true'], { encoding: 'utf8' });
  if (traced.status !== 0) {
    throw new Error(`strace may not trace here (a container without SYS_PTRACE?): ${traced.stderr}`);
  }
}
