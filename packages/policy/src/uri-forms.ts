/** A URI as the policy sees it. */
export interface UriForm {
  /** Lower case, without the colon. */
  readonly scheme: string;
  /** Canonical: lower case, no trailing dot, IPv4 dotted, IDN in its ASCII form. Absent where the URI has none. */
  readonly host?: string;
  /** `scheme://host[:port]/path?query` without user info and fragment. */
  readonly text: string;
  /** Where its query starts in `text`, or the length of `text`. */
  readonly queryAt: number;
  /** The path as written in the canonical form, still percent-encoded. */
  readonly path: string;
  /** False where two readers could take it differently; such a URI never satisfies an allow. */
  readonly certain: boolean;
}

/** Schemes whose URIs may lack the slashes. */
const slashless = new Set(
  'http https ws wss ftp file mailto data javascript blob view-source urn'.split(' '),
);

/** The scheme's length, when the text starts as a URI does; else 0. A single letter is a drive, not a scheme. */
export function schemeLength(text: string): number {
  const end = Math.min(text.length, 64);
  let at = 0;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    const letter = (code | 32) >= 97 && (code | 32) <= 122;
    if (letter) continue;
    const later = at > 0 && ((code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46);
    if (!later) break;
  }
  if (at < 2 || text.charCodeAt(at) !== 58) return 0;
  if (text.startsWith('//', at + 1) || text.startsWith('\\\\', at + 1)) return at;
  return slashless.has(text.slice(0, at).toLowerCase()) ? at : 0;
}

/** Reads a URI; undefined when the text is none. */
export function readUri(text: string): UriForm | undefined {
  const length = schemeLength(text);
  if (length === 0) return undefined;
  const scheme = text.slice(0, length).toLowerCase();
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    const rest = text.slice(length + 1).replace(/^[/\\]{2}/, '');
    const authority = rest.slice(0, Math.max(0, indexOfAny(rest, '/\\?#')));
    const host = canonicalHost(authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, ''));
    return {
      scheme,
      text,
      queryAt: text.length,
      path: rest.slice(authority.length),
      certain: false,
      ...(host === '' ? {} : { host }),
    };
  }
  const host = canonicalHost(url.hostname);
  const port = url.port === '' ? '' : `:${url.port}`;
  const opaque = host === '' && !url.href.startsWith('//', url.protocol.length);
  const front = opaque ? `${url.protocol}${url.pathname}` : `${url.protocol}//${host}${port}${url.pathname}`;
  return {
    scheme,
    text: front + url.search,
    queryAt: front.length,
    path: url.pathname,
    // Readers disagree about backslashes, white space and user info that holds further "@" or slashes.
    certain: !/[\\\s]/.test(text) && !isLenient(text, length) && !hidesAuthority(text, length),
    ...(host === '' ? {} : { host }),
  };
}

/** `http:host` and `http:///host` are one host to a browser and another to other readers. */
function isLenient(text: string, schemeEnd: number): boolean {
  const scheme = text.slice(0, schemeEnd).toLowerCase();
  if (!/^(?:https?|wss?|ftp)$/.test(scheme)) return false;
  return !text.startsWith('//', schemeEnd + 1) || text[schemeEnd + 3] === '/';
}

/** User info is where one reader's host is another reader's password, so a URI with any is uncertain. */
function hidesAuthority(text: string, schemeEnd: number): boolean {
  const rest = text.slice(schemeEnd + 3);
  return rest.slice(0, indexOfAny(rest, '/?#')).includes('@');
}

function indexOfAny(text: string, characters: string): number {
  for (let at = 0; at < text.length; at++) if (characters.includes(text[at] as string)) return at;
  return text.length;
}

const mappedIpv4 = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/;

/**
 * A host in canonical form, after the WHATWG URL standard: `EXAMPLE.com.` is `example.com`; `2130706433`,
 * `0x7f.1` and `[::ffff:127.0.0.1]` are `127.0.0.1`. What is no host comes back in lower case.
 */
export function canonicalHost(host: string): string {
  if (host === '') return '';
  let name = host;
  try {
    name = new URL(`http://${host}/`).hostname;
  } catch {
    // Not a host a browser would accept; compared as text.
  }
  name = name.toLowerCase();
  let end = name.length;
  while (end > 1 && name.charCodeAt(end - 1) === 46) end--;
  name = name.slice(0, end);
  const mapped = mappedIpv4.exec(name);
  if (mapped === null) return name;
  const high = Number.parseInt(mapped[1] ?? '', 16);
  const low = Number.parseInt(mapped[2] ?? '', 16);
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
