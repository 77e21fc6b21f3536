import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../src');

test('only the reader of policy text loads the YAML package, and nothing loads a module of Node', () => {
  for (const file of readdirSync(source)) {
    const imports = [...readFileSync(join(source, file), 'utf8').matchAll(/from '([^.'][^']*)'/g)].map(
      (match) => match[1],
    );
    for (const name of imports) {
      if (name === 'yaml') expect(file).toBe('check-policy.ts');
      else expect(name, file).toMatch(/^@mcp-acp\/shared\//);
    }
  }
});

test('deciding does not pull the reader in', () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join(source, file), 'utf8');
    for (const match of text.matchAll(/^(?:import|export) (?!type )[^;]*? from '\.\/([^']+)'/gm))
      visit(match[1] as string);
  };
  for (const file of ['decide.ts', 'facts.ts', 'compile-policy.ts', 'templates.ts', 'loosening.ts'])
    visit(file);
  expect([...seen].filter((file) => file.startsWith('check-'))).toEqual([]);
});
