/** What is written into a page: the hashes of its scripts, and whether its elements may have styles of their own. */
export interface WrittenIn {
  readonly scripts: readonly string[];
  readonly styles: boolean;
}

const nothing: WrittenIn = { scripts: [], styles: false };

/** What no page of ours needs is not allowed: no frames, no plug-ins, no forms, nothing from elsewhere, no script in text. */
const policy = ({ scripts, styles }: WrittenIn): string =>
  [
    "default-src 'none'",
    ["script-src 'self'", ...scripts].join(' '),
    styles ? "style-src 'self' 'unsafe-inline'" : "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');

/** The headers of every answer, whatever it is. */
export const securityHeaders = (written = nothing): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': policy(written),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
});
