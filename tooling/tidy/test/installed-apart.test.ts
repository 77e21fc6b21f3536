import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installedApart } from '../rooms.ts';
import { importsOf, isSource, manifestOf, packageOf, projectFiles, read } from '../source-files.ts';

const files = projectFiles();
const workspace = /^(?:(?:apps|packages|tooling)\/[^/]+|e2e|\.)$/;

it('every package is a workspace or is installed apart', () => {
  const apart = files
    .filter((file) => /(?:^|\/)package\.json$/.test(file))
    .map((file) => dirname(file))
    .filter((folder) => !workspace.test(folder));
  expect(apart).toEqual([...installedApart].sort());
});

describe.each(installedApart)('%s', (folder) => {
  const { dependencies = {}, optionalDependencies = {} } = manifestOf(folder);
  const declared = { ...dependencies, ...optionalDependencies };

  it('names exact versions, each of which its lock holds with a digest', () => {
    const { packages } = JSON.parse(read(`${folder}/package-lock.json`));
    const loose = Object.entries(declared).filter(([name, version]) => {
      const locked = packages[`node_modules/${name}`];
      return locked?.version !== version || !/^sha512-/.test(locked.integrity ?? '');
    });
    expect(loose).toEqual([]);
  });

  it('is only run, never imported', () => {
    const ours = { ...manifestOf('e2e').devDependencies };
    const imported = files
      .filter((file) => file.startsWith(`${dirname(folder)}/`) && isSource(file))
      .flatMap((file) => importsOf(file).map((target) => ({ file, name: packageOf(target) })))
      .filter(({ name }) => declared[name] !== undefined && ours[name] === undefined);
    expect(imported).toEqual([]);
  });
});

it('no lock says where a package was fetched', () => {
  const locks = files.filter((file) => file.endsWith('package-lock.json'));
  expect(locks.filter((file) => /"resolved": "[a-z+]+:/.test(read(file)))).toEqual([]);
});
