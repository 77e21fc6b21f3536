import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { referencePages } from '../scripts/reference/pages.ts';

const folder = fileURLToPath(new URL('../../../docs/reference/', import.meta.url));

test('the reference pages say what the code does (npm run reference -w apps/cli)', () => {
  const pages = referencePages();
  expect(readdirSync(folder).sort()).toEqual(Object.keys(pages).sort());
  for (const [name, text] of Object.entries(pages))
    expect(readFileSync(`${folder}${name}`, 'utf8')).toBe(text);
});
