import type { IncomingHttpHeaders } from 'node:http';

/** Redirects of one request that are followed. */
export const maxRedirects = 3;

export type Redirect =
  | { readonly kind: 'to'; readonly url: URL; readonly isPermanent: boolean }
  | { readonly kind: 'refused'; readonly detail: string };

/**
 * Where a redirect leads, or undefined for a status that is none. Only those are followed that keep method and body
 * (307, 308) and stay in the origin: another one must not get the headers, which may be credentials.
 */
export function redirectOf(status: number, headers: IncomingHttpHeaders, from: URL): Redirect | undefined {
  if (status < 300 || status > 399 || status === 304) return undefined;
  const { location } = headers;
  const url = location === undefined ? undefined : urlFrom(location, from);
  if (url === undefined) return { kind: 'refused', detail: `HTTP ${status} without a usable location` };
  if (status !== 307 && status !== 308)
    return { kind: 'refused', detail: `HTTP ${status}: the server is at another address` };
  if (url.origin !== from.origin) {
    return {
      kind: 'refused',
      detail: `HTTP ${status} to another origin, ${url.origin.slice(0, 200)}, is not followed`,
    };
  }
  return { kind: 'to', url, isPermanent: status === 308 };
}

/** The address a server names, relative to where it was asked; undefined for what is none, or holds credentials. */
export function urlFrom(text: string, base: URL): URL | undefined {
  if (!URL.canParse(text, base.href)) return undefined;
  const url = new URL(text, base);
  return url.username === '' && url.password === '' ? url : undefined;
}
