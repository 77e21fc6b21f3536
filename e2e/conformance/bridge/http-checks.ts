import type { IncomingHttpHeaders } from 'node:http';
import { codes } from './json-rpc.ts';

/** What is answered instead of carrying a request on: an HTTP status with a JSON-RPC error. */
export interface Rejection {
  readonly status: number;
  readonly code: number;
  readonly detail: string;
}

const local = new Set(['localhost', '127.0.0.1', '[::1]']);

function hostnameOf(url: string): string | undefined {
  try {
    return new URL(url).hostname;
  } catch {
    return undefined;
  }
}

const isLocal = (url: string): boolean => local.has(hostnameOf(url) ?? '');
const bad = (status: number, detail: string): Rejection => ({ status, code: codes.invalidRequest, detail });

/** A page of another site that resolves to this machine is turned away, whichever of both headers shows it. */
export function checkOrigin(headers: IncomingHttpHeaders): Rejection | undefined {
  if (!isLocal(`http://${headers.host ?? ''}`)) return bad(403, 'This host is not served here.');
  if (headers.origin !== undefined && !isLocal(headers.origin)) return bad(403, 'This origin is not let in.');
  return undefined;
}

/** What both eras ask of a POST: JSON in, JSON or events out. */
export function checkMediaTypes(headers: IncomingHttpHeaders): Rejection | undefined {
  const sent = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (sent !== 'application/json') return bad(415, 'A message is application/json.');
  const accepts = headers.accept ?? '';
  const takesBoth = accepts.includes('application/json') && accepts.includes('text/event-stream');
  return takesBoth ? undefined : bad(406, 'Accept must name application/json and text/event-stream.');
}
