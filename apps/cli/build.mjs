// Bundles the programs of the package into dist/: one CommonJS file each, since Node loads one file much faster than
// many, and everything inside, so that the package has no dependencies of its own.
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

const programs = [
  { entry: join(here, 'src', 'main.ts'), file: 'cli.cjs' },
  { entry: join(here, '..', 'proxy', 'src', 'main.ts'), file: 'proxy.cjs' },
];

const missing = programs.filter(({ entry }) => !existsSync(entry));
rmSync(join(here, 'dist'), { recursive: true, force: true });
for (const { entry, file } of programs) {
  if (!existsSync(entry)) continue;
  await build({
    entryPoints: [entry],
    outfile: join(here, 'dist', file),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: 'eof',
    define: { MCP_ACP_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  });
}
chmodSync(join(here, 'bin', 'mcp-acp.cjs'), 0o755);

if (missing.length > 0) {
  for (const { entry, file } of missing)
    console.error(`dist/${file} was not built: ${entry} does not exist.`);
  process.exitCode = 1;
}
