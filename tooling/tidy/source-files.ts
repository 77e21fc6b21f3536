import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Every file of the checkout that git tracks or would track, relative to the root, with `/` between its parts. */
export function projectFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  const names = listed.toString('utf8').split('\0');
  return [...new Set(names)].filter((name) => name !== '' && existsSync(join(root, name))).sort();
}

export const read = (file: string): string => readFileSync(join(root, file), 'utf8');

export const isSource = (file: string): boolean => /\.(?:ts|tsx|mts|mjs|cjs|js)$/.test(file);

/** Files whose bytes are test data: their content follows no rule of ours. */
export const isTestData = (file: string): boolean =>
  /(?:^|\/)(?:golden|corpus|testdata|scripts)\//.test(file);

/** What the tool that compares schemas wrote, and reads again by these names. */
export const isGenerated = (file: string): boolean => file.startsWith('packages/db/migrations/');

const specifier =
  /(?:^|[\s;])(?:import|export)\s[^'"`;]{0,4000}?from\s*['"]([^'"\n]{1,300})['"]|(?:^|[\s;])import\s*['"]([^'"\n]{1,300})['"]|\bimport\(\s*['"]([^'"\n]{1,300})['"]\s*\)|\brequire\(\s*['"]([^'"\n]{1,300})['"]\s*\)/g;

/** What a file imports, in the words of its own source. */
export function importsOf(file: string): readonly string[] {
  const text = read(file).replace(/^\s*(?:\/\/|\*).*$/gm, '');
  // Only CommonJS requires; elsewhere the word stands in the text of a script for another process.
  const found = [...text.matchAll(specifier)].filter(
    (match) => match[4] === undefined || file.endsWith('.cjs'),
  );
  return found.map((match) => match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
}

/** The package a bare specifier names: `@scope/name` or `name`. */
export function packageOf(specifierText: string): string {
  const [first = '', second = ''] = specifierText.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export const manifestOf = (folder: string): Manifest =>
  JSON.parse(read(folder === '' ? 'package.json' : `${folder}/package.json`));
