import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { visible } from '@mcp-acp/shared/visible';
import { expect, it } from 'vitest';
import { loadPages } from '../src/web/pages.ts';
import { requestText, sendRaw, webScene } from './web-scene.ts';

const assets = fileURLToPath(new URL('../assets', import.meta.url));

/** An exported folder, as a framework makes one. */
function exported() {
  const dir = mkdtempSync(join(tmpdir(), 'acp-pages-'));
  mkdirSync(join(dir, '_next', 'static'), { recursive: true });
  mkdirSync(join(dir, 'history'));
  writeFileSync(
    join(dir, 'index.html'),
    '<html><script>inline("one")</script><script src="/a.js"></script></html>',
  );
  writeFileSync(
    join(dir, 'proxies.html'),
    '<html>proxies<script>\nself.x=1\n</script><script></script></html>',
  );
  writeFileSync(join(dir, 'history', 'index.html'), '<html>history</html>');
  writeFileSync(join(dir, '_next', 'static', 'a b.js'), 'a');
  writeFileSync(join(dir, '.secret'), 'no');
  symlinkSync('/etc/hostname', join(dir, 'outside.txt'));
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

it('finds exported files by their path, and the start page for any other place', () => {
  using at = exported();
  const pages = loadPages(at.dir);
  const text = (path: string): string | undefined => pages.find(path)?.body.toString();
  expect(text('/proxies')).toContain('proxies');
  expect(text('/proxies.html')).toContain('proxies');
  expect(text('/proxies/')).toContain('proxies');
  expect(text('/history')).toContain('history');
  expect(text('/history/')).toContain('history');
  expect(text('/_next/static/a%20b.js')).toBe('a');
  expect(text('/proxy/some-name')).toContain('inline');
  for (const nothing of [
    '/.secret',
    '/outside.txt',
    '/../pages.test.ts',
    '/%2e%2e/x.ts',
    '/_next/static/b.js',
    '/%00.js',
    '/%',
  ]) {
    expect(text(nothing), nothing).toBeUndefined();
  }
});

it('allows exactly the scripts that are written into a page', async () => {
  using folder = exported();
  await using at = await webScene({ pages: folder.dir });
  const policyOf = async (path: string): Promise<string> => {
    const { headers } = await sendRaw(
      at.port,
      requestText(`GET ${path} HTTP/1.1`, { Host: `127.0.0.1:${at.port}` }),
    );
    return /script-src ([^;]*)/.exec(headers.get('content-security-policy') ?? '')?.[1] ?? '';
  };
  expect(await policyOf('/')).toBe(`'self' ${hashOf('inline("one")')}`);
  expect(await policyOf('/proxies')).toBe(`'self' ${hashOf('\nself.x=1\n')}`);
  expect(await policyOf('/history')).toBe("'self'");
});

it('says what is missing', () => {
  using at = exported();
  expect(() => loadPages(join(at.dir, 'history', 'none'))).toThrow(/cannot be read \(ENOENT\)/);
  expect(() => loadPages(join(at.dir, '_next'))).toThrow(/no index.html/);
});

it('[WEB-TEXT-IS-TEXT] the built-in page shows text as everything else here does, and sets no markup', () => {
  const script = readFileSync(join(assets, 'page.js'), 'utf8');
  expect(script).not.toMatch(
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|srcdoc|\.src\s*=/,
  );
  const html = readFileSync(join(assets, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<script>|\son[a-z]+=|style=|https?:/);
  const [declarations = ''] = script.split('const place =');
  const source = declarations
    .replace(/^import .*$/m, '')
    .replace('export function', 'function')
    .concat('\nvisible');
  const ofPage = runInContext(source, createContext({})) as typeof visible;
  const everyone = Array.from({ length: 0x30000 }, (_, point) => String.fromCodePoint(point)).join('|');
  expect(ofPage(everyone, everyone.length)).toBe(visible(everyone, everyone.length));
  for (const text of ['', 'plain', 'x'.repeat(300), '\u{e0041}\u202e\n\t'])
    expect(ofPage(text)).toBe(visible(text));
  expect(ofPage(`a${' '.repeat(200)}b`)).toBe('a (200 blanks) b');
});
