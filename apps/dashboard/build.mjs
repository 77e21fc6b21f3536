// Exports the dashboard to `out/`: what the manager serves, and nothing else. Says how much JavaScript the landing page
// takes, and fails when that is too much.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Of all scripts the landing page loads by itself, compressed. Kilobytes of 1,000 bytes. */
const mostLandingKb = 200;

const room = fileURLToPath(new URL('.', import.meta.url));
const out = join(room, 'out');
const next = createRequire(import.meta.url).resolve('next/dist/bin/next');

const built = spawnSync(process.execPath, [next, 'build'], {
  cwd: room,
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  stdio: ['ignore', 'pipe', 'pipe'],
  encoding: 'utf8',
});
if (built.status !== 0) {
  process.stderr.write(`${built.stdout ?? ''}${built.stderr ?? ''}`);
  throw new Error(`The dashboard could not be built (${built.status ?? built.signal}).`, {
    cause: built.error,
  });
}

for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
  if (name.endsWith('.map')) rmSync(join(out, name));
}

const html = readFileSync(join(out, 'index.html'), 'utf8');
const scripts = [...html.matchAll(/<script\b([^>]*)>/g)]
  // Only browsers that know no modules load those.
  .filter(([, attributes]) => !/\bnomodule\b/i.test(attributes))
  .map(([, attributes]) => /\bsrc="([^"]+)"/.exec(attributes)?.[1])
  .filter((src) => src !== undefined);
let bytes = 0;
for (const src of new Set(scripts)) {
  const file = join(out, decodeURIComponent(src.split('?')[0]));
  if (!existsSync(file)) throw new Error(`The landing page loads ${src}, which was not exported.`);
  bytes += gzipSync(readFileSync(file), { level: 9 }).length;
}
const kb = bytes / 1000;
const line = `The landing page loads ${kb.toFixed(1)} kB of JavaScript, compressed (at most ${mostLandingKb} kB).`;
if (kb > mostLandingKb) throw new Error(line);
process.stdout.write(`${line}\n`);
