// Bundles the programs of the package into dist/: a few CommonJS files, since Node loads one file much faster than many,
// with everything inside, so that the package has no dependencies of its own.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

/**
 * Files of their own, loaded when they are needed: the YAML reader, which the proxy wants only once its backend is on its
 * way up, and the parts of the CLI that few commands use and that are larger than all the rest of it.
 */
const loadedLater = ['prompts', 'speak-to-backend'];

const programs = [
  { entry: fileURLToPath(import.meta.resolve('yaml')), file: 'yaml.cjs' },
  ...loadedLater.map((name) => ({
    entry: join(here, 'src', 'loaded-later', `${name}.ts`),
    file: `${name}.cjs`,
  })),
  { entry: join(here, 'src', 'main.ts'), file: 'cli.cjs' },
  { entry: join(here, '..', 'proxy', 'src', 'main.ts'), file: 'proxy.cjs' },
];

const keepApart = {
  name: 'keep-apart',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^yaml$/ }, ({ importer }) =>
      importer === '' ? undefined : { path: './yaml.cjs', external: true },
    );
    onResolve({ filter: /\/loaded-later\/[a-z-]+\.ts$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.cjs`, external: true } : undefined,
    );
  },
};

const dist = join(here, 'dist');
const missing = programs.filter(({ entry }) => !existsSync(entry));
mkdirSync(dist, { recursive: true });
for (const { entry, file } of programs) {
  if (!existsSync(entry)) continue;
  const { outputFiles } = await build({
    entryPoints: [entry],
    outfile: join(dist, file),
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'eof',
    define: { MCP_ACP_VERSION: JSON.stringify(version) },
    plugins: [keepApart],
    logLevel: 'warning',
  });
  // Renamed into place, so that a program which is being started meanwhile loads the old file or the new one.
  const temporary = join(dist, `.${file}.${process.pid}`);
  writeFileSync(temporary, outputFiles[0].contents);
  renameSync(temporary, join(dist, file));
}
chmodSync(join(here, 'bin', 'mcp-acp.cjs'), 0o755);

if (missing.length > 0) {
  for (const { entry, file } of missing)
    console.error(`dist/${file} was not built: ${entry} does not exist.`);
  process.exitCode = 1;
}
