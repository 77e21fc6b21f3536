import {
  bare,
  change,
  cookie,
  type Form,
  type Headers,
  host,
  list,
  mutation,
  noSource,
  query,
  unlock,
  upgrade,
  visit,
  type Words,
} from './request-forms.ts';

/** Names of the server that are not its own, and spellings a resolver takes for it. T-WEB-1. */
const foreignHosts: readonly (readonly [string, (port: number) => string | readonly string[] | undefined])[] =
  [
    ['a foreign name', (port) => `evil.test:${port}`],
    ['a rebinding name', (port) => `127.0.0.1.rebind.test:${port}`],
    ['a public name of 127.0.0.1', (port) => `localtest.me:${port}`],
    ['a trailing dot', (port) => `localhost.:${port}`],
    ['a trailing dot on the address', (port) => `127.0.0.1.:${port}`],
    ['upper case', (port) => `LOCALHOST:${port}`],
    ['mixed case', (port) => `LocalHost:${port}`],
    ['user info', (port) => `user@127.0.0.1:${port}`],
    ['user info and password', (port) => `a:b@localhost:${port}`],
    ['our name as user info', (port) => `127.0.0.1:${port}@evil.test`],
    ['a decimal address', (port) => `2130706433:${port}`],
    ['an octal address', (port) => `0177.0.0.1:${port}`],
    ['a hexadecimal address', (port) => `0x7f000001:${port}`],
    ['a hexadecimal part', (port) => `0x7f.0.0.1:${port}`],
    ['a short address', (port) => `127.1:${port}`],
    ['another loopback address', (port) => `127.0.0.2:${port}`],
    ['the address of any', (port) => `0.0.0.0:${port}`],
    ['the number 0', (port) => `0:${port}`],
    ['IPv6 loopback', (port) => `[::1]:${port}`],
    ['IPv6 loopback in full', (port) => `[0:0:0:0:0:0:0:1]:${port}`],
    ['IPv4 in IPv6', (port) => `[::ffff:127.0.0.1]:${port}`],
    ['IPv6 of any', (port) => `[::]:${port}`],
    ['IPv6 with a zone', (port) => `[::1%25lo]:${port}`],
    ['the next port', (port) => `127.0.0.1:${port + 1}`],
    ['the next port of localhost', (port) => `localhost:${port + 1}`],
    ['no port', () => '127.0.0.1'],
    ['localhost without a port', () => 'localhost'],
    ['an empty port', () => '127.0.0.1:'],
    ['port 80', () => '127.0.0.1:80'],
    ['a port with a zero before it', (port) => `127.0.0.1:0${port}`],
    ['nothing', () => ''],
    ['a blank', () => ' '],
    ['a .local name', (port) => `machine.local:${port}`],
    ['a name below localhost', (port) => `evil.localhost:${port}`],
    ['a private address', (port) => `192.168.0.10:${port}`],
    ['a link-local address', (port) => `169.254.169.254:${port}`],
    ['a list', (port) => `127.0.0.1:${port}, evil.test`],
    ['a path', (port) => `127.0.0.1:${port}/`],
    ['a scheme', (port) => `http://127.0.0.1:${port}`],
    ['a blank within', (port) => `127.0.0.1 :${port}`],
  ];

/** Where data and the page are; `status` is what our own name gets there with everything it needs. */
const places: readonly (readonly [string, string, number])[] = [
  ['a query', list, 200],
  ['the page', '/', 200],
  ['the health probe', '/healthz', 200],
  ['the readiness probe', '/readyz', 200],
];

export const hosts: readonly Form[] = places.flatMap(([what, path, status]): Form[] => [
  [`Host 127.0.0.1 on ${what}`, status, query(path)],
  [
    `Host localhost on ${what}`,
    path === '/' ? 307 : status,
    query(path, ({ port }) => ({ Host: `localhost:${port}` })),
  ],
  ...foreignHosts.map(
    ([spelling, of]): Form => [
      `Host: ${spelling} on ${what}`,
      403,
      query(path, ({ port }) => ({ Host: of(port) })),
    ],
  ),
  [`no Host on ${what}`, 400, query(path, () => ({ Host: undefined }))],
  [`two Hosts on ${what}`, 400, query(path, (words) => ({ Host: [host(words), host(words)] }))],
  [`two Hosts, one foreign, on ${what}`, 400, query(path, (words) => ({ Host: [host(words), 'evil.test'] }))],
]);

const foreignOrigins: readonly (readonly [string, (port: number) => string | readonly string[]])[] = [
  ['null', () => 'null'],
  ['nothing', () => ''],
  ['a foreign site', () => 'https://evil.test'],
  ['a rebinding name', (port) => `http://evil.test:${port}`],
  ['another port of ours', (port) => `http://127.0.0.1:${port + 1}`],
  ['no port', () => 'http://127.0.0.1'],
  ['our other name', (port) => `http://localhost:${port}`],
  ['IPv6', (port) => `http://[::1]:${port}`],
  ['the https twin', (port) => `https://127.0.0.1:${port}`],
  ['a WebSocket scheme', (port) => `ws://127.0.0.1:${port}`],
  ['a subdomain', (port) => `http://sub.127.0.0.1:${port}`],
  ['upper case', (port) => `HTTP://127.0.0.1:${port}`],
  ['a slash behind it', (port) => `http://127.0.0.1:${port}/`],
  ['a path behind it', (port) => `http://127.0.0.1:${port}.evil.test`],
  ['user info', (port) => `http://127.0.0.1:${port}@evil.test`],
  ['an extension', () => 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'],
  ['an extension of Firefox', () => 'moz-extension://0d3e7e4c-0000-4000-8000-000000000000'],
  ['a file', () => 'file://'],
  ['a list', (port) => `http://127.0.0.1:${port} https://evil.test`],
  ['two headers', (port) => [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port}`]],
];

export const origins: readonly Form[] = [
  ['Origin ours on a mutation', 200, mutation(change)],
  ['Origin ours on a query', 200, query(list, (words) => ({ Origin: `http://${host(words)}` }))],
  [
    'Origin and Host are our other name',
    200,
    mutation(change, ({ port }) => ({ Host: `localhost:${port}`, Origin: `http://localhost:${port}` })),
  ],
  ...foreignOrigins.flatMap(([what, of]): Form[] => {
    const status = Array.isArray(of(1)) ? 400 : 403;
    const differs = ({ port }: Words): Headers => ({ Origin: of(port) });
    return [
      [`Origin: ${what} on a mutation`, status, mutation(change, differs)],
      [`Origin: ${what} on a query`, status, query(list, differs)],
      [
        `Origin: ${what} on unlock`,
        status,
        mutation(unlock, differs, ({ code }) => JSON.stringify({ code })),
      ],
      [`Origin: ${what} on the page`, status, query('/', differs)],
    ];
  }),
];

export const sources: readonly Form[] = [
  ...(['cross-site', 'same-site', 'SAME-ORIGIN', 'same-origin, none', '', 'unheard-of'] as const).flatMap(
    (site): Form[] => [
      [`Sec-Fetch-Site ${site} on a query`, 403, query(list, () => ({ 'Sec-Fetch-Site': site }))],
      [`Sec-Fetch-Site ${site} on a mutation`, 403, mutation(change, () => ({ 'Sec-Fetch-Site': site }))],
      [
        `Sec-Fetch-Site ${site} on the health probe`,
        403,
        query('/healthz', () => ({ 'Sec-Fetch-Site': site })),
      ],
      [
        `Sec-Fetch-Site ${site} on a script`,
        403,
        query('/page.js', () => ({ 'Sec-Fetch-Site': site, 'Sec-Fetch-Dest': 'script' })),
      ],
    ],
  ),
  ['Sec-Fetch-Site twice', 400, query(list, () => ({ 'Sec-Fetch-Site': ['same-origin', 'same-origin'] }))],
  ['Sec-Fetch-Site none with both secrets', 200, query(list, () => ({ 'Sec-Fetch-Site': 'none' }))],
  [
    'Sec-Fetch-Site none without a token',
    401,
    query(list, () => ({ 'Sec-Fetch-Site': 'none', 'X-Mcp-Acp-Token': undefined })),
  ],
  [
    'a link from another site to the page',
    200,
    query('/', () => ({ ...bare, 'Sec-Fetch-Site': 'cross-site', ...visit })),
  ],
  [
    'a link from another port to the page',
    200,
    query('/', () => ({ ...bare, 'Sec-Fetch-Site': 'same-site', ...visit })),
  ],
  [
    'a link from another site to a query',
    403,
    query(list, () => ({ 'Sec-Fetch-Site': 'cross-site', ...visit })),
  ],
  [
    'a link from another site to the probe',
    403,
    query('/readyz', () => ({ 'Sec-Fetch-Site': 'cross-site', ...visit })),
  ],
  ['a link from the page to a query', 403, query(list, () => visit)],
  ['the address bar to a query', 403, query(list, () => ({ ...visit, 'Sec-Fetch-Site': 'none' }))],
  ...(['iframe', 'frame', 'object', 'embed', 'fencedframe'] as const).flatMap((destination): Form[] => [
    [
      `an ${destination} of the page in another site`,
      403,
      query('/', () => ({ ...visit, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': destination })),
    ],
    [
      `an ${destination} of the page in itself`,
      403,
      query('/', () => ({ ...visit, 'Sec-Fetch-Dest': destination })),
    ],
  ]),
  ...(['script', 'image', 'style', 'worker', 'document', 'video'] as const).map(
    (destination): Form => [
      `a query as ${destination}`,
      403,
      query(list, () => ({ 'Sec-Fetch-Dest': destination })),
    ],
  ),
  // A program of this machine, which is no browser.
  ['no browser, both secrets, a query', 200, query(list, () => noSource)],
  ['no browser, both secrets, a mutation', 200, mutation(change, () => noSource)],
  ['no browser, no token, a query', 401, query(list, () => ({ ...noSource, 'X-Mcp-Acp-Token': undefined }))],
  [
    'no browser, no token, a mutation',
    401,
    mutation(change, () => ({ ...noSource, 'X-Mcp-Acp-Token': undefined })),
  ],
  ['nothing at all, a query', 401, query(list, () => bare)],
  ['nothing at all, a mutation', 401, mutation(change, () => bare)],
  [
    'nothing at all, unlock',
    401,
    mutation(
      unlock,
      () => bare,
      ({ code }) => JSON.stringify({ code }),
    ),
  ],
  [
    'a mutation without Origin from the same origin',
    401,
    mutation(change, () => ({ Origin: undefined, 'X-Mcp-Acp-Token': undefined })),
  ],
];

export const upgrades: readonly Form[] = [
  ['a WebSocket of the page', 101, upgrade()],
  [
    '… of a browser that says less',
    101,
    upgrade(() => ({
      'Sec-Fetch-Site': undefined,
      'Sec-Fetch-Mode': undefined,
      'Sec-Fetch-Dest': undefined,
    })),
  ],
  ['a WebSocket without a cookie', 401, upgrade(() => ({ Cookie: undefined }))],
  ['a WebSocket with a wrong cookie', 401, upgrade(() => ({ Cookie: cookie('wrong') }))],
  ['a WebSocket with the token as its cookie', 401, upgrade(({ token }) => ({ Cookie: cookie(token) }))],
  ['a WebSocket without an Origin', 403, upgrade(() => ({ Origin: undefined }))],
  ...foreignOrigins.map(
    ([what, of]): Form => [
      `a WebSocket with Origin: ${what}`,
      Array.isArray(of(1)) ? 400 : 403,
      upgrade(({ port }) => ({ Origin: of(port) })),
    ],
  ),
  [
    'a WebSocket to a rebinding name',
    403,
    upgrade(({ port }) => ({ Host: `evil.test:${port}`, Origin: `http://evil.test:${port}` })),
  ],
  ['a WebSocket from another site', 403, upgrade(() => ({ 'Sec-Fetch-Site': 'cross-site' }))],
  ['a WebSocket from another port', 403, upgrade(() => ({ 'Sec-Fetch-Site': 'same-site' }))],
  ['a WebSocket with the token in its address', 401, upgrade(() => ({}), '/trpc?connectionParams=1&token=x')],
  ['a WebSocket that announces no token', 401, upgrade(() => ({}), '/trpc')],
  ['a WebSocket to the page', 400, upgrade(() => ({}), '/')],
  ['a WebSocket to a procedure', 400, upgrade(() => ({}), '/trpc/events.live?connectionParams=1')],
  ['another protocol', 400, upgrade(() => ({ Upgrade: 'h2c' }))],
  ['two protocols', 400, upgrade(() => ({ Upgrade: ['websocket', 'h2c'] }))],
  ['an older version', 400, upgrade(() => ({ 'Sec-WebSocket-Version': '12' }))],
  ['no key', 400, upgrade(() => ({ 'Sec-WebSocket-Key': undefined }))],
  ['a WebSocket by POST', 405, (words) => upgrade()(words).replace('GET', 'POST')],
  ['a WebSocket over HTTP/1.0', 505, (words) => upgrade()(words).replace('HTTP/1.1', 'HTTP/1.0')],
];
