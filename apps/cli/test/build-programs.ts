import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The tests run the programs as they are shipped, so these are built first. */
export default function buildPrograms(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../build.mjs', import.meta.url))], {
    stdio: 'inherit',
  });
}
