/** Longer than a session lasts when nobody uses it; when it is over is decided here, not in the browser. Seconds. */
const cookieLifeS = 30 * 24 * 60 * 60;
/** Other programs on 127.0.0.1 can set cookies of our name too, for other paths. */
const mostCandidates = 8;

export interface SessionCookie {
  /** Every value the request shows under our name. */
  read(header: string | undefined): readonly string[];
  set(value: string): string;
  clear(): string;
}

/**
 * The cookie that is one half of a page's session. Cookies of 127.0.0.1 reach every port of it, so several installations
 * must not overwrite each other's, and the cookie alone opens nothing.
 */
export function sessionCookie(installation: string): SessionCookie {
  const name = `mcp-acp-${installation}`;
  const rest = 'Path=/; HttpOnly; SameSite=Strict';
  return {
    read: (header) => {
      const values: string[] = [];
      for (const part of (header ?? '').split(';')) {
        const at = part.indexOf('=');
        if (at < 0 || part.slice(0, at).trim() !== name) continue;
        const value = part.slice(at + 1).trim();
        if (/^[\w-]{1,128}$/.test(value) && values.length < mostCandidates) values.push(value);
      }
      return values;
    },
    set: (value) => `${name}=${value}; Max-Age=${cookieLifeS}; ${rest}`,
    clear: () => `${name}=; Max-Age=0; ${rest}`,
  };
}
