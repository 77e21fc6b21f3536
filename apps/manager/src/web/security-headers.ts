/** What no page of ours needs is not allowed: no frames, no plug-ins, no forms, nothing from elsewhere, no script in text. */
const policy = (scripts: readonly string[]): string =>
  [
    "default-src 'none'",
    ["script-src 'self'", ...scripts].join(' '),
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');

/** The headers of every answer, whatever it is. `scripts` are the hashes of the scripts written into a page. */
export const securityHeaders = (scripts: readonly string[] = []): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': policy(scripts),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
});
