import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import { meantBy } from './exported-paths.ts';
import { type Packed, packedBody } from './packed-body.ts';

export interface Page {
  readonly body: Buffer;
  readonly type: string;
  /** Hashes of the scripts written into it, as a policy names them. */
  readonly scripts: readonly string[];
  /** Its name changes with what it holds. */
  readonly lasting: boolean;
  /** The body as this `Accept-Encoding` takes it. */
  packed(accepted: string | undefined): Promise<Packed>;
}

export interface FoundPage {
  readonly status: 200 | 404;
  readonly page: Page;
}

export interface Pages {
  /** The file for a percent-encoded path; where there is no such place, the page that says so. */
  find(path: string): FoundPage | undefined;
}

const mostFiles = 5_000;
const mostBytes = 64 * 1024 * 1024;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/**
 * Reads a folder of exported pages into memory, once: what a request names is looked up among what was there, and never
 * becomes a path on the disk. Throws AcpError('config_invalid') where it has no page or is no such folder.
 */
export function loadPages(folder: string): Pages {
  const files = new Map<string, Page>();
  let bytes = 0;
  const read = (dir: string, prefix: string): void => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const file = join(dir, entry.name);
      const path = `${prefix}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) read(file, path);
      if (!entry.isFile()) continue;
      bytes += statSync(file).size;
      if (files.size >= mostFiles || bytes > mostBytes) {
        throw new AcpError('config_invalid', `The pages in ${folder} are too many or too large.`);
      }
      files.set(path, pageOf(path, readFileSync(file)));
    }
  };
  try {
    read(folder, '');
  } catch (error) {
    if (error instanceof AcpError) throw error;
    throw new AcpError(
      'config_invalid',
      `The pages in ${folder} cannot be read (${systemErrorCode(error)}).`,
      {
        cause: error,
      },
    );
  }
  const start = files.get('/index.html');
  if (start === undefined) throw new AcpError('config_invalid', `There is no index.html in ${folder}.`);
  const missing = files.get('/404.html');
  return {
    find: (encoded) => {
      const meant = meantBy(encoded);
      for (const path of meant?.files ?? []) {
        const page = files.get(path);
        if (page !== undefined) return { status: 200, page };
      }
      if (meant?.isPlace !== true) return undefined;
      return missing === undefined ? { status: 200, page: start } : { status: 404, page: missing };
    },
  };
}

function pageOf(path: string, body: Buffer): Page {
  const ending = extname(path);
  const type = types[ending] ?? 'application/octet-stream';
  return {
    body,
    type,
    scripts: ending === '.html' ? scriptHashes(body.toString('utf8')) : [],
    lasting: path.startsWith('/_next/static/'),
    packed: packedBody(body, type),
  };
}

/** A page we have made ourselves, so its scripts are found by their tags. */
function scriptHashes(html: string): readonly string[] {
  const hashes = new Set<string>();
  for (const [, attributes = '', text = ''] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
    if (/\ssrc\s*=/i.test(attributes) || text === '') continue;
    hashes.add(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  }
  return [...hashes];
}
