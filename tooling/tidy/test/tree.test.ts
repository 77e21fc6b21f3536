import { homedir } from 'node:os';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { longFiles, maxLines } from '../rooms.ts';
import { isGenerated, isSource, isTestData, projectFiles, read, root } from '../source-files.ts';

const files = projectFiles();
const text = files.filter(
  (file) =>
    !isTestData(file) &&
    basename(file) !== 'package-lock.json' &&
    /\.(?:ts|tsx|mjs|cjs|js|json|md|ya?ml|html|css)$|^\.ci\//.test(file),
);
const source = text.filter((file) => isSource(file));
/** Words are put together here so that this file does not contain what it looks for. */
const word = (...parts: string[]): string => parts.join('');

describe('the source tree', () => {
  it('names files in kebab-case, for the question they answer', () => {
    const pattern = /^\.?[a-z0-9]+(?:[-.][a-z0-9]+)*$/;
    const wrong = files.filter(
      (file) =>
        !isTestData(file) &&
        !isGenerated(file) &&
        !pattern.test(basename(file)) &&
        !/^(?:README|AGENTS|CHANGELOG|ARCHITECTURE)\.md$|^LICENSE$/.test(basename(file)),
    );
    expect(wrong).toEqual([]);
  });

  it('has no drawer for what belongs nowhere', () => {
    const drawer = /(?:^|\/)(?:utils?|helpers?|common|misc|lib)(?:\/|\.[a-z]+$)/;
    expect(files.filter((file) => drawer.test(file))).toEqual([]);
  });

  it('has no barrel', () => {
    const barrels = source.filter(
      (file) =>
        /(?:^|\/)index\.[cm]?[jt]sx?$/.test(file) || /^export\s+(?:\*|\{[^}]*\})\s+from\s/m.test(read(file)),
    );
    expect(barrels).toEqual([]);
  });

  it('has no overlong file without a reason', () => {
    const limitOf = (file: string): number =>
      /(?:^|\/)(?:test|system|faults)\//.test(file) ? maxLines.test : maxLines.source;
    const long = source.filter((file) => read(file).split('\n').length - 1 > limitOf(file));
    expect(long).toEqual(Object.keys(longFiles).sort());
  });

  it('leaves no note to do something later', () => {
    const note = new RegExp(
      `\\b(?:${word('TO', 'DO')}|${word('FIX', 'ME')}|${word('XX', 'X')}|${word('HA', 'CK')})\\b`,
    );
    expect(text.filter((file) => note.test(read(file)))).toEqual([]);
  });

  it('names no path of the machine it was written on', () => {
    const places = [
      word('/wo', 'rk/main'),
      word('/ro', 'ot/.'),
      `${root}/`,
      homedir().length > 5 ? `${homedir()}/` : `${root}/`,
    ];
    expect(text.filter((file) => places.some((place) => read(file).includes(place)))).toEqual([]);
  });

  it('runs every test it has', () => {
    const idle = new RegExp(
      `\\b(?:it|test|describe)\\.(?:${word('sk', 'ip')}|${word('on', 'ly')}|${word('to', 'do')}|${word('fa', 'ils')})\\b|\\b${word('sk', 'ip')}If\\b|\\b${word('run', 'If')}\\b`,
    );
    expect(source.filter((file) => idle.test(read(file)))).toEqual([]);
  });
});

describe('the documents', () => {
  it('are of four kinds only', () => {
    const kinds =
      /^(?:README|AGENTS|CHANGELOG)\.md$|^apps\/cli\/README\.md$|^docs\/ARCHITECTURE\.md$|^docs\/decisions\/\d{4}-\d{2}-\d{2}-[a-z0-9-]+\.md$|^docs\/(?:how-to|reference)\/[a-z0-9-]+\.md$/;
    const documents = files.filter((file) => /\.(?:md|mdx|rst|adoc)$/.test(file) && !isTestData(file));
    expect(documents.filter((file) => !kinds.test(file))).toEqual([]);
  });

  it('link only to files that exist', () => {
    const known = new Set(files);
    const broken: string[] = [];
    for (const file of files.filter((name) => name.endsWith('.md'))) {
      for (const [, target = ''] of read(file).matchAll(/\]\(([^)#\s]{1,200})(?:#[^)\s]{0,100})?\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const path = new URL(target, `file:///${file}`).pathname.slice(1).replace(/\/$/, '');
        if (!known.has(path) && !files.some((name) => name.startsWith(`${path}/`)))
          broken.push(`${file}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('name only places that exist', () => {
    const known = new Set(files);
    const missing: string[] = [];
    for (const document of [
      'AGENTS.md',
      'README.md',
      'docs/ARCHITECTURE.md',
      ...files.filter((file) => file.startsWith('docs/how-to/')),
    ]) {
      for (const [, place = ''] of read(document).matchAll(
        /`((?:apps|packages|e2e|tooling|docs)\/[\w./-]{1,120})`/g,
      )) {
        const path = place.replace(/\/$/, '');
        if (!known.has(path) && !files.some((file) => file.startsWith(`${path}/`)))
          missing.push(`${document}: ${place}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('keep AGENTS.md a table that fits on a screen or two', () => {
    expect(read('AGENTS.md').split('\n').length).toBeLessThan(120);
  });
});
