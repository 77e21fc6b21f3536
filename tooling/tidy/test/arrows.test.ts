import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rooms, testingRoom } from '../rooms.ts';
import { importsOf, isSource, manifestOf, packageOf, projectFiles } from '../source-files.ts';

const files = projectFiles();
const folders = Object.keys(rooms);
const ours = '@mcp-acp/';
const sourceOf = (folder: string): string[] => {
  const places = ['src', ...(rooms[folder]?.folders ?? [])];
  return files.filter((file) => places.some((at) => file.startsWith(`${folder}/${at}/`)) && isSource(file));
};
const testsOf = (folder: string): string[] =>
  files.filter((file) => file.startsWith(`${folder}/test/`) && isSource(file) && !file.includes('/golden/'));
const shortName = (folder: string): string => folder.split('/')[1] ?? '';
const folderOf = (name: string): string | undefined => folders.find((folder) => shortName(folder) === name);

describe('the table of rooms', () => {
  it('names every workspace package', () => {
    const packages = files
      .filter((file) => /^(?:apps|packages)\/[^/]+\/package\.json$/.test(file))
      .map((file) => dirname(file));
    expect(packages.sort()).toEqual([...folders, testingRoom.path].sort());
  });

  it('points down only, and never from app to app or from part to part', () => {
    const wrong: string[] = [];
    for (const [folder, room] of Object.entries(rooms)) {
      for (const name of room.mayImport) {
        const target = folderOf(name);
        const layer = target === undefined ? undefined : rooms[target]?.layer;
        if (layer === undefined || layer >= room.layer) wrong.push(`${folder} → ${name}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe.each(Object.entries(rooms))('%s', (folder, room) => {
  const manifest = manifestOf(folder);
  const declared = {
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.devDependencies,
  };
  const mayName = new Set([...room.mayImport, ...(room.buildEntries ?? [])].map((name) => ours + name));

  it('declares no arrow that is not in the table', () => {
    const undeclared = Object.keys(declared).filter(
      (name) => name.startsWith(ours) && name !== `${ours}testing` && !mayName.has(name),
    );
    expect(undeclared).toEqual([]);
  });

  it('imports only rooms and packages that the table and its package.json name', () => {
    const wrong: string[] = [];
    for (const file of sourceOf(folder)) {
      for (const target of importsOf(file)) {
        if (target.startsWith('node:')) {
          if (room.browser) wrong.push(`${file}: ${target} (this room runs in a browser too)`);
        } else if (target.startsWith('.')) {
          const path = normalize(join(dirname(file), target));
          if (!path.startsWith(`${folder}/`)) wrong.push(`${file}: ${target} leaves the room`);
        } else {
          const name = packageOf(target);
          const allowed = name.startsWith(ours)
            ? room.mayImport.includes(name.slice(ours.length))
            : (room.packages ?? []).includes(name);
          if (!allowed || declared[name] === undefined) wrong.push(`${file}: ${target}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('tests through its own arrows', () => {
    const wrong: string[] = [];
    for (const file of testsOf(folder)) {
      for (const target of importsOf(file)) {
        if (target.startsWith('node:') || ['vitest', 'fast-check'].includes(packageOf(target))) continue;
        if (target.startsWith('.')) {
          const path = normalize(join(dirname(file), target));
          if (!path.startsWith(`${folder}/`)) wrong.push(`${file}: ${target} leaves the room`);
        } else if (packageOf(target) !== manifest.name && declared[packageOf(target)] === undefined) {
          wrong.push(`${file}: ${target} is not declared`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  if (room.empty) {
    it('still holds only its place', () => {
      expect(files.filter((file) => file.startsWith(`${folder}/`))).toEqual([`${folder}/package.json`]);
    });
  }
});

describe(testingRoom.path, () => {
  it('is imported by tests only', () => {
    const users = folders
      .flatMap(sourceOf)
      .filter((file) => importsOf(file).some((t) => t.startsWith(`${ours}testing`)));
    expect(users).toEqual([]);
  });

  it('imports only what it stands in for', () => {
    const wrong = sourceOf(testingRoom.path).flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith(ours))
        .filter((target) => !testingRoom.mayImport.some((name) => packageOf(target) === ours + name))
        .map((target) => `${file}: ${target}`),
    );
    expect(wrong).toEqual([]);
  });
});

it('the tree has no file that imports the whole of another room', () => {
  const bare = files
    .filter((file) => isSource(file))
    .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
    .filter(({ target }) => /^@mcp-acp\/[^/]+$/.test(target))
    .map(({ file, target }) => `${file}: ${target}`);
  expect(bare).toEqual([]);
});
