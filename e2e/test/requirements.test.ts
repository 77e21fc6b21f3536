import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { notYetProven, requirements } from '../requirements.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every `[ID]` in a test file, and every id in an array handed to `verifies`. */
function citations(): ReadonlyMap<string, readonly string[]> {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  const found = new Map<string, string[]>();
  for (const file of new Set(
    listed.split('\n').filter((name) => name !== '' && !name.endsWith('/requirements.test.ts')),
  )) {
    let text: string;
    try {
      text = readFileSync(`${root}/${file}`, 'utf8');
    } catch {
      continue; // Deleted in this checkout, still in git.
    }
    const ids = [...text.matchAll(/verifies\(\s*(\[[^\]]{1,400}\]|'[A-Z0-9-]+')/g)].flatMap(([, list = '']) =>
      [...list.matchAll(/'([A-Z0-9-]+)'/g)].map(([, id = '']) => id),
    );
    const inTitles = [...text.matchAll(/\[([A-Z][A-Z0-9]+(?:-[A-Z0-9]{2,})+|DEMO)\]/g)].map(
      ([, id = '']) => id,
    );
    for (const id of [...ids, ...inTitles]) found.set(id, [...(found.get(id) ?? []), file]);
  }
  return found;
}

const cited = citations();

it('each requirement is proven by a test, or is on the list of those that are not yet', () => {
  const unproven = Object.keys(requirements).filter((id) => !cited.has(id));
  expect(unproven).toEqual([...notYetProven]);
});

it('no test cites a requirement that does not exist', () => {
  const unknown = [...cited].filter(([id]) => requirements[id] === undefined);
  expect(unknown).toEqual([]);
});

it('each requirement says where it comes from', () => {
  for (const { text, source } of Object.values(requirements)) {
    expect(text).toMatch(/\.$/);
    expect(source).toMatch(/^(?:design §|core, )/);
  }
});
