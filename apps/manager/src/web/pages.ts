import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';

export interface Page {
  readonly body: Buffer;
  readonly type: string;
  /** Hashes of the scripts written into it, as a policy names them. */
  readonly scripts: readonly string[];
}

export interface Pages {
  /** The file for a percent-encoded path; the page itself for whatever looks like a place within it. */
  find(path: string): Page | undefined;
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
  return {
    find: (encoded) => {
      const path = decoded(encoded);
      if (path === undefined) return undefined;
      const whole = path.endsWith('/') ? path.slice(0, -1) : path;
      const found = files.get(path) ?? files.get(`${whole}.html`) ?? files.get(`${whole}/index.html`);
      if (found !== undefined) return found;
      // Places have no dot in their last part, files have.
      return /\.[^/]*$/.test(path) ? undefined : start;
    },
  };
}

function pageOf(path: string, body: Buffer): Page {
  const type = types[extname(path)] ?? 'application/octet-stream';
  return { body, type, scripts: extname(path) === '.html' ? scriptHashes(body.toString('utf8')) : [] };
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

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
