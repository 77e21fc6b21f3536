import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadPages } from '../src/web/pages.ts';
import { requestText, sendRaw, webScene } from './web-scene.ts';

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
  const text = (path: string): string | undefined => pages.find(path)?.page.body.toString();
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

describe('the exported dashboard', () => {
  function dashboard() {
    const dir = mkdtempSync(join(tmpdir(), 'acp-dashboard-'));
    mkdirSync(join(dir, 'proxy', '_'), { recursive: true });
    mkdirSync(join(dir, '_next', 'static'), { recursive: true });
    for (const [name, content] of [
      ['index.html', 'start'],
      ['404.html', 'missing'],
      ['approvals.html', 'approvals'],
      ['approvals.txt', 'approvals payload'],
      ['boot.js', 'boot()'],
      [join('_next', 'static', 'chunk-1a2b.js'), `self.chunk = ${JSON.stringify('x'.repeat(4_000))};`],
      [join('proxy', '_.html'), 'any proxy'],
      [join('proxy', '_.txt'), 'payload'],
      [join('proxy', '_', '__next._full.txt'), 'full payload'],
      [join('proxy', '_', '__next.proxy.$d$name.__PAGE__.txt'), 'page payload'],
    ] as const)
      writeFileSync(join(dir, name), content);
    return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
  }

  it('[WEB-DASHBOARD] a proxy’s page and its payloads are those of any proxy, a place that is none is said to be missing', () => {
    using at = dashboard();
    const pages = loadPages(at.dir);
    const found = (path: string) => {
      const { status, page } = pages.find(path) ?? {};
      return [status, page?.body.toString()];
    };
    for (const [path, status, body] of [
      ['/', 200, 'start'],
      ['/approvals', 200, 'approvals'],
      ['/approvals.txt', 200, 'approvals payload'],
      ['/proxy/files', 200, 'any proxy'],
      ['/proxy/files/', 200, 'any proxy'],
      ['/proxy/_', 200, 'any proxy'],
      ['/proxy/no.such%20%2F%00name', 200, 'any proxy'],
      ['/proxy/files.txt', 200, 'payload'],
      ['/proxy/a%2Fb.txt', 200, 'payload'],
      ['/proxy/files/__next._full.txt', 200, 'full payload'],
      ['/proxy/files/__next.proxy.$d$name.__PAGE__.txt', 200, 'page payload'],
      ['/proxy/files/__next.proxy.%24d%24name.__PAGE__.txt', 200, 'page payload'],
      ['/proxy/files/__next.other.txt', undefined, undefined],
      ['/proxy/files/deeper', 404, 'missing'],
      ['/proxy', 404, 'missing'],
      ['/nowhere', 404, 'missing'],
      ['/nowhere.js', undefined, undefined],
    ] as const)
      expect(found(path), path).toEqual([status, body]);
  });

  it('[WEB-DASHBOARD] no path leads out of the export, however it is written', () => {
    using at = dashboard();
    writeFileSync(join(at.dir, '..', 'acp-outside.txt'), 'outside');
    const pages = loadPages(at.dir);
    const ups = [
      '..',
      '%2e%2e',
      '.%2e',
      '%2E.',
      '..%2f..',
      '%2e%2e%2f',
      '..%5c',
      '%252e%252e',
      '....//',
      '..;',
    ];
    const ends = [
      'acp-outside.txt',
      'etc/passwd',
      '__next.../../acp-outside.txt',
      '_.html%00.txt',
      'boot.js/..',
    ];
    const starts = ['', '/proxy', '/proxy/files', '/proxy/files/__next.', '/_next/static', '/approvals'];
    try {
      for (const start of starts)
        for (const up of ups)
          for (const end of ends) {
            const path = `${start}/${up}/${end}`;
            expect(['missing', undefined], path).toContain(pages.find(path)?.page.body.toString());
          }
    } finally {
      rmSync(join(at.dir, '..', 'acp-outside.txt'));
    }
  });

  it('[WEB-DASHBOARD] sends hashed files packed and to be kept, and nothing else to be kept', async () => {
    using folder = dashboard();
    await using at = await webScene({ pages: folder.dir });
    const get = async (path: string, accepted?: string, host = '127.0.0.1') => {
      const response = await new Promise<IncomingMessage>((resolve, reject) =>
        request({
          host: '127.0.0.1',
          port: at.port,
          path,
          headers: {
            Host: `${host}:${at.port}`,
            ...(accepted === undefined ? {} : { 'Accept-Encoding': accepted }),
          },
        })
          .on('response', resolve)
          .on('error', reject)
          .end(),
      );
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return { headers: response.headers, body: Buffer.concat(chunks) };
    };
    const plain = await get('/_next/static/chunk-1a2b.js');
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(plain.headers['cache-control']).toBe('private, max-age=31536000, immutable');
    const packed = await get('/_next/static/chunk-1a2b.js', 'gzip, br');
    expect(packed.headers).toMatchObject({ 'content-encoding': 'br', vary: 'Accept-Encoding' });
    expect(brotliDecompressSync(packed.body)).toEqual(plain.body);
    const zipped = await get('/_next/static/chunk-1a2b.js', 'gzip;q=0.5, br;q=0');
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body)).toEqual(plain.body);
    for (const path of ['/', '/boot.js', '/proxy/files', '/proxy/files.txt?_rsc=1', '/nowhere'])
      expect((await get(path, 'br')).headers['cache-control'], path).toBe('no-store');
    const moved = await get('/proxy/files?tab=activity', 'br', 'localhost');
    expect(moved.headers.location).toBe(`http://127.0.0.1:${at.port}/proxy/files?tab=activity`);
  });
});

it('says what is missing', () => {
  using at = exported();
  expect(() => loadPages(join(at.dir, 'history', 'none'))).toThrow(/cannot be read \(ENOENT\)/);
  expect(() => loadPages(join(at.dir, '_next'))).toThrow(/no index.html/);
});
