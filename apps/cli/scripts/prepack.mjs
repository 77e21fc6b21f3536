// Before packing: builds, and copies what npm shows beside the package. `postpack` takes the copies away again.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = join(dirname(fileURLToPath(import.meta.url)), '..');
const root = join(here, '..', '..');
const copies = ['README.md', 'LICENSE'];

if (process.argv[2] === 'clean') {
  for (const name of copies) rmSync(join(here, name), { force: true });
} else {
  execFileSync(process.execPath, [join(here, 'build.mjs')], { stdio: ['ignore', 2, 2] });
  for (const name of copies) {
    if (existsSync(join(root, name))) copyFileSync(join(root, name), join(here, name));
    else console.error(`The package has no ${name}: there is none at the root of the repository.`);
  }
}
