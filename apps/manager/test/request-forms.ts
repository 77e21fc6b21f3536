import { cookieName, type Page, requestText } from './web-scene.ts';

/** What a request form may refer to; made for each, since one of them may end the session of another. */
export interface Words extends Page {
  readonly port: number;
  readonly code: string;
  /** Of another session. */
  readonly otherToken: string;
  readonly otherCookie: string;
}

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;
export type Form = readonly [title: string, status: number, bytes: (words: Words) => string];

export const host = ({ port }: Words): string => `127.0.0.1:${port}`;
export const cookie = (value: string): string => `${cookieName}=${value}`;
export const list = '/trpc/proxies.list';
export const change = '/trpc/proxies.reloadAll';
export const unlock = '/trpc/access.unlock';

const fromBrowser = { 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' };
export const visit = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };

/** A query as the page makes it, with what differs. */
export const query =
  (path: string, differs: (words: Words) => Headers = () => ({})) =>
  (words: Words): string =>
    requestText(`GET ${path} HTTP/1.1`, {
      Host: host(words),
      'Sec-Fetch-Site': 'same-origin',
      ...fromBrowser,
      Cookie: cookie(words.cookie),
      'X-Mcp-Acp-Token': words.token,
      ...differs(words),
    });

/** A mutation as the page makes it, with what differs. */
export const mutation =
  (
    path: string,
    differs: (words: Words) => Headers = () => ({}),
    body: (words: Words) => string = () => '{}',
  ) =>
  (words: Words): string =>
    requestText(
      `POST ${path} HTTP/1.1`,
      {
        Host: host(words),
        Origin: `http://${host(words)}`,
        'Sec-Fetch-Site': 'same-origin',
        ...fromBrowser,
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(body(words))),
        Cookie: cookie(words.cookie),
        'X-Mcp-Acp-Token': words.token,
        ...differs(words),
      },
      body(words),
    );

/** The request for a WebSocket as the page makes it, with what differs. */
export const upgrade =
  (differs: (words: Words) => Headers = () => ({}), target = '/trpc?connectionParams=1') =>
  (words: Words): string =>
    requestText(`GET ${target} HTTP/1.1`, {
      Host: host(words),
      Origin: `http://${host(words)}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version': '13',
      'Sec-Fetch-Site': 'same-origin',
      'Sec-Fetch-Mode': 'websocket',
      'Sec-Fetch-Dest': 'websocket',
      Cookie: cookie(words.cookie),
      ...differs(words),
    });

export const noSource = {
  Origin: undefined,
  'Sec-Fetch-Site': undefined,
  'Sec-Fetch-Mode': undefined,
  'Sec-Fetch-Dest': undefined,
};
export const bare = { ...noSource, Cookie: undefined, 'X-Mcp-Acp-Token': undefined };
