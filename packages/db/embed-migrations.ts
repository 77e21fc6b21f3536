/** Writes `src/migrations.ts` from the files that drizzle-kit made: the built program has no folder to read them from. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

interface Journal {
  readonly entries: readonly { readonly tag: string }[];
}

/** The text of `src/migrations.ts`. */
export function embeddedMigrations(): string {
  const journal = JSON.parse(
    readFileSync(join(here, 'migrations', 'meta', '_journal.json'), 'utf8'),
  ) as Journal;
  const entries = journal.entries.map(({ tag }) => {
    const sql = readFileSync(join(here, 'migrations', `${tag}.sql`), 'utf8').replace(/\\|`|\$\{/g, '\\$&');
    return `  {\n    name: '${tag}',\n    sql: \`\n${sql.trim()}\n\`,\n  },\n`;
  });
  return `/** Made by embed-migrations.ts from the files in migrations/, in their order. */
export const migrations: readonly { readonly name: string; readonly sql: string }[] = [\n${entries.join('')}];\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(here, 'src', 'migrations.ts'), embeddedMigrations());
}
