// Bundles the programs of the package into dist/: a few CommonJS files, since Node loads one file much faster than many,
// with everything inside, so that the package has no dependencies of its own.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

/**
 * Files of their own, loaded when they are needed: the parts of the CLI that few commands use and that are larger than
 * all the rest of it; of the proxy, all that it wants only once its backend is on its way up.
 */
const loadedLater = [
  join(here, 'src', 'loaded-later', 'prompts.ts'),
  join(here, 'src', 'loaded-later', 'open-line.ts'),
  join(here, 'src', 'loaded-later', 'api-client.ts'),
  join(here, '..', 'proxy', 'src', 'loaded-later', 'enforce.ts'),
  join(here, '..', 'proxy', 'src', 'loaded-later', 'failed-start.ts'),
  join(here, '..', 'proxy', 'src', 'loaded-later', 'http-backend.ts'),
  join(here, '..', 'proxy', 'src', 'loaded-later', 'live.ts'),
  join(here, '..', 'proxy', 'src', 'loaded-later', 'summon-person.ts'),
  join(here, '..', 'proxy', 'src', 'loaded-later', 'traces.ts'),
  join(here, '..', 'manager', 'src', 'loaded-later', 'replay.ts'),
];

/** Files that several programs share: the YAML reader for its size, the errors because `instanceof` needs one class. */
const shared = {
  yaml: 'yaml',
  '@mcp-acp/shared/errors': join(here, '..', '..', 'packages', 'shared', 'src', 'errors.ts'),
};

const fileOf = (path) => `${basename(path, '.ts')}.cjs`;

/** What the rooms use of the `yaml` package. A name they import must stand here, or the built programs lack it. */
const yamlNames = 'Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument';

/** The package's build of separate modules, of which only what we use is taken: it loads in half the time. */
const forYaml = {
  stdin: { contents: `export { ${yamlNames} } from 'yaml';`, resolveDir: here, sourcefile: 'yaml' },
  platform: 'neutral',
  conditions: ['browser'],
  mainFields: ['browser', 'module', 'main'],
  minify: true,
};

const programs = [
  ...Object.entries(shared).map(([name, entry]) => ({ entry, file: fileOf(name) })),
  ...loadedLater.map((entry) => ({ entry, file: fileOf(entry) })),
  { entry: join(here, 'src', 'main.ts'), file: 'cli.cjs' },
  { entry: join(here, '..', 'proxy', 'src', 'main.ts'), file: 'proxy.cjs' },
  { entry: join(here, '..', 'manager', 'src', 'main.ts'), file: 'manager.cjs' },
];

const keepApart = {
  name: 'keep-apart',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^(?:yaml|@mcp-acp\/shared\/errors)$/ }, ({ importer, path }) =>
      importer === '' || importer.endsWith('yaml-reader.mjs')
        ? undefined
        : { path: `./${fileOf(path)}`, external: true },
    );
    onResolve({ filter: /\/loaded-later\/[a-z-]+\.ts$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${fileOf(path)}`, external: true } : undefined,
    );
  },
};

const dist = join(here, 'dist');
const missing = programs.filter(({ entry }) => entry !== 'yaml' && !existsSync(entry));
mkdirSync(dist, { recursive: true });
for (const { entry, file } of programs) {
  if (entry !== 'yaml' && !existsSync(entry)) continue;
  const { outputFiles } = await build({
    outfile: join(dist, file),
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'eof',
    // Compiled for the machine it is installed on.
    external: ['better-sqlite3'],
    ...(entry === 'yaml' ? forYaml : { entryPoints: [entry], plugins: [keepApart] }),
    define: { MCP_ACP_VERSION: JSON.stringify(version) },
    // `import()` becomes `require()`: files beside this one need no second module loader to start.
    supported: { 'dynamic-import': false },
    logLevel: 'warning',
  });
  // Renamed into place, so that a program which is being started meanwhile loads the old file or the new one.
  const temporary = join(dist, `.${file}.${process.pid}`);
  writeFileSync(temporary, outputFiles[0].contents);
  renameSync(temporary, join(dist, file));
}
/** The pages of the dashboard, as it was exported. */
const pages = join(here, '..', 'dashboard', 'out');
if (existsSync(pages)) {
  rmSync(join(dist, 'pages'), { recursive: true, force: true });
  cpSync(pages, join(dist, 'pages'), { recursive: true });
} else {
  missing.push({ entry: 'apps/dashboard/out (npm run build -w apps/dashboard)', file: 'pages' });
}

chmodSync(join(here, 'bin', 'mcp-acp.cjs'), 0o755);

if (missing.length > 0) {
  for (const { entry, file } of missing)
    console.error(`dist/${file} was not built: ${entry} does not exist.`);
  process.exitCode = 1;
}
