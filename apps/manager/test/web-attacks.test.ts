import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { appRouter } from '@mcp-acp/api/router/app-router';
import type { AnyTRPCProcedure } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import {
  cookieName,
  type Page,
  type RawAnswer,
  requestText,
  sendRaw,
  type WebScene,
  webScene,
} from './web-scene.ts';

const hostOf = ({ port }: WebScene): string => `127.0.0.1:${port}`;

const secretsOf = (page: Page | undefined): Record<string, string> =>
  page === undefined ? {} : { Cookie: `${cookieName}=${page.cookie}`, 'X-Mcp-Acp-Token': page.token };

/** An operation as the page asks for it; without a page, as a locked one does. */
function operation(at: WebScene, path: string, page?: Page, input?: unknown): Promise<RawAnswer> {
  const body = input === undefined ? undefined : JSON.stringify(input);
  return sendRaw(
    at.port,
    requestText(
      `${body === undefined ? 'GET' : 'POST'} /trpc/${path} HTTP/1.1`,
      {
        Host: hostOf(at),
        Origin: `http://${hostOf(at)}`,
        'Sec-Fetch-Site': 'same-origin',
        ...secretsOf(page),
        ...(body === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }),
      },
      body,
    ),
  );
}

const unlock = (at: WebScene, code: string): Promise<RawAnswer> =>
  operation(at, 'access.unlock', undefined, { code });

const procedures = Object.entries(
  appRouter._def.procedures as unknown as Readonly<Record<string, AnyTRPCProcedure>>,
);
const publicOnes = ['access.prove', 'access.state', 'access.unlock'];

describe('T-WEB-3: every procedure and place, bare', () => {
  for (const [path, { _def }] of procedures.filter(([path]) => !publicOnes.includes(path))) {
    it(`[WEB-LOCKED] ${path} refuses who is locked, and who shows nothing`, async () => {
      await using at = await webScene();
      const locked = await operation(at, path, undefined, _def.type === 'mutation' ? {} : undefined);
      expect(locked.status).toBe(_def.type === 'subscription' ? 405 : 401);
      const bare = await sendRaw(at.port, requestText(`GET /trpc/${path} HTTP/1.1`, { Host: hostOf(at) }));
      expect(bare.status).toBe(401);
      expect(at.effects).toEqual([]);
    });
  }

  it('the probes tell nothing of what they watch, and the health probe not even a name', async () => {
    await using at = await webScene();
    const health = await sendRaw(at.port, requestText('GET /healthz HTTP/1.1', { Host: hostOf(at) }));
    expect(health.body).toBe('ok\n');
    expect(health.headers.has('server')).toBe(false);
    const ready = await sendRaw(at.port, requestText('GET /readyz HTTP/1.1', { Host: hostOf(at) }));
    expect(JSON.parse(ready.body)).toEqual({
      ready: true,
      checks: { config: 'ok', database: 'ok', sockets: 'ok', journals: 'ok' },
    });
    const seen = await sendRaw(
      at.port,
      requestText('GET /readyz HTTP/1.1', { Host: hostOf(at), ...secretsOf(await at.page()) }),
    );
    expect(seen.body).toContain('a detail for the operator');
    expect(JSON.parse(seen.body).backends).toHaveLength(1);
    const { report } = at.readiness;
    at.readiness.report = { ...report, checks: { ...report.checks, database: { ok: false, detail: 'why' } } };
    const unready = await sendRaw(at.port, requestText('GET /readyz HTTP/1.1', { Host: hostOf(at) }));
    expect([unready.status, JSON.parse(unready.body).checks.database]).toEqual([503, 'not ok']);
  });

  it('[WEB-METRICS-TOKEN] the metrics are for who has a token of theirs', async () => {
    await using at = await webScene();
    const scrape = (token: string) =>
      sendRaw(
        at.port,
        requestText('GET /metrics HTTP/1.1', { Host: hostOf(at), Authorization: `Bearer ${token}` }),
      );
    const { id, token } = at.access.createToken('metrics');
    expect(await scrape(token)).toMatchObject({ status: 200, body: 'acp_up 1\n' });
    const wrong = await scrape(`${token.slice(0, -1)}x`);
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    at.access.revokeToken(id);
    expect((await scrape(token)).status).toBe(401);
    // It opens nothing else.
    const other = at.access.createToken('metrics').token;
    const list = await sendRaw(
      at.port,
      requestText('GET /trpc/proxies.list HTTP/1.1', {
        Host: hostOf(at),
        'X-Mcp-Acp-Token': other,
        Authorization: `Bearer ${other}`,
      }),
    );
    expect(list.status).toBe(401);
  });
});

it('T-WEB-6 [WEB-COOKIE-ALONE] another port of 127.0.0.1, which is sent our cookie, can do nothing with it', async () => {
  await using at = await webScene();
  const unlocked = await unlock(at, at.access.createCode().code);
  const [cookie = ''] = (unlocked.headers.get('set-cookie') ?? '').split(';');
  expect(cookie).toMatch(new RegExp(`^${cookieName}=[\\w-]{43}$`));
  // A browser sends cookies of a host to every port of it: here is a server on another one.
  const thief = createServer((_, response) => response.end());
  const stolen = once(thief, 'request');
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  const address = thief.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  request({ port: address.port, host: '127.0.0.1', headers: { cookie } }).end();
  const [{ headers }] = await stolen;
  thief.close();
  thief.closeAllConnections();
  expect(headers.cookie).toBe(cookie);
  for (const path of ['proxies.list', 'access.sessions', 'manager.status']) {
    const replayed = await sendRaw(
      at.port,
      requestText(`GET /trpc/${path} HTTP/1.1`, {
        Host: hostOf(at),
        Origin: `http://${hostOf(at)}`,
        Cookie: cookie,
      }),
    );
    expect(replayed.status).toBe(401);
  }
  expect(at.effects).toEqual([]);
});

describe('T-WEB-7: the one-time code', () => {
  it('[WEB-CODE-ONCE] unlocks once, with a cookie no script reads and no other site sends', async () => {
    await using at = await webScene();
    const { code } = at.access.createCode();
    const first = await unlock(at, code);
    expect(first.status).toBe(200);
    expect(first.headers.get('set-cookie')).toMatch(
      /^mcp-acp-0123abcd=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(first.body).not.toContain(/=([\w-]{43});/.exec(first.headers.get('set-cookie') ?? '')?.[1]);
    const second = await unlock(at, code);
    expect([second.status, JSON.parse(second.body).error.data.words.code]).toEqual([401, 'unlock_refused']);
    expect(at.access.sessions()).toEqual([]);
    expect(at.incidents).toEqual(['unlock_refused']);
  });

  it('spent twice at once lets nobody stay', async () => {
    await using at = await webScene();
    const { code } = at.access.createCode();
    const answers = await Promise.all(Array.from({ length: 8 }, () => unlock(at, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(at.access.sessions()).toEqual([]);
  });

  it('is refused after 30 seconds, and after a restart', async () => {
    await using at = await webScene();
    const { code } = at.access.createCode();
    at.clock.pass(30_001);
    expect((await unlock(at, code)).status).toBe(401);
    await using restarted = await webScene();
    expect((await unlock(restarted, at.access.createCode().code)).status).toBe(401);
  });

  it('[WEB-CODE-GUESSED] is not guessed: too many guesses, in batches too, are answered with 429', async () => {
    await using at = await webScene();
    const guess = (count: number): Promise<RawAnswer> =>
      operation(
        at,
        `${Array(count).fill('access.unlock').join(',')}?batch=1`,
        undefined,
        Object.fromEntries(Array.from({ length: count }, (_, index) => [index, { code: 'x'.repeat(22) }])),
      );
    const codes: number[] = [];
    for (let batch = 0; batch < 16; batch++) {
      const answers: readonly { error: { data: { httpStatus: number } } }[] = JSON.parse(
        (await guess(2)).body,
      );
      codes.push(...answers.map(({ error }) => error.data.httpStatus));
    }
    expect(codes).toEqual([...Array(10).fill(401), ...Array(22).fill(429)]);
    expect((await guess(3)).status).toBe(400);
    expect(at.incidents).toEqual(['too_many_requests']);
    // Who guesses keeps nobody out.
    expect((await unlock(at, at.access.createCode().code)).status).toBe(200);
  });
});

it('T-WEB-8 [WEB-NO-SECRETS] code, cookie, token and query appear in no line of the log', async () => {
  await using at = await webScene();
  const { code } = at.access.createCode();
  const unlocked = await unlock(at, code);
  const [, cookie = ''] = /=([\w-]{43});/.exec(unlocked.headers.get('set-cookie') ?? '') ?? [];
  const { token } = JSON.parse(unlocked.body).result.data;
  const page = { session: '', cookie, token };
  await operation(at, `proxies.list?input=${token}`, page);
  await operation(at, `no.such?code=${code}`, page);
  await sendRaw(at.port, requestText(`GET /?code=${code}&token=${token} HTTP/1.1`, { Host: hostOf(at) }));
  await sendRaw(at.port, requestText(`GET /#code=${code} HTTP/1.1`, { Host: hostOf(at) }));
  await sendRaw(at.port, `GET /${token}`.padEnd(30_000, 'x'));
  const log = JSON.stringify(at.requests);
  expect(at.requests.length).toBeGreaterThanOrEqual(6);
  for (const secret of [code, cookie, token]) expect(log).not.toContain(secret);
  expect(
    at.requests.every(({ request, durationMs }) => /^req_[a-z2-7]{16}$/.test(request) && durationMs >= 0),
  ).toBe(true);
});

it('T-WEB-9 [WEB-HEADERS] every answer forbids frames, foreign scripts, storing and telling where it was', async () => {
  await using at = await webScene();
  const page = await at.page();
  const answers = await Promise.all(
    [
      '/',
      '/page.js',
      '/page.css',
      '/proxy/files',
      '/healthz',
      '/readyz',
      '/metrics',
      '/trpc/proxies.list',
      '/trpc/no.such',
      '/missing.js',
    ]
      .map((path) => requestText(`GET ${path} HTTP/1.1`, { Host: hostOf(at), ...secretsOf(page) }))
      .concat([
        requestText('GET / HTTP/1.1', { Host: 'evil.test' }),
        requestText('OPTIONS / HTTP/1.1', { Host: hostOf(at) }),
        requestText('GET /trpc HTTP/1.1', { Host: hostOf(at), Connection: 'Upgrade', Upgrade: 'websocket' }),
      ])
      .map((text) => sendRaw(at.port, text)),
  );
  for (const { headers } of answers) {
    const policy = headers.get('content-security-policy') ?? '';
    for (const part of [
      "default-src 'none'",
      "frame-ancestors 'none'",
      "form-action 'none'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
    ]) {
      expect(policy).toContain(part);
    }
    expect(policy.replace("style-src 'self' 'unsafe-inline'", '')).not.toMatch(/unsafe|\*|http/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

it('T-WEB-12 [WEB-LOOPBACK] listens on 127.0.0.1 and nowhere else', async () => {
  await using at = await webScene();
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ address }) => address !== '127.0.0.1')
    .map(({ address, scopeid }) => (scopeid ? `${address}%${scopeid}` : address));
  const outcomes = await Promise.all(
    ['127.0.0.1', '127.0.0.2', '::1', ...others].map(
      (host) =>
        new Promise<string>((resolve) => {
          const socket = createConnection({ port: at.port, host });
          socket.once('connect', () => resolve('connected'));
          socket.once('error', () => resolve('refused'));
          socket.once('close', () => socket.destroy());
          socket.once('connect', () => socket.destroy());
        }),
    ),
  );
  const [ours, ...theirs] = outcomes;
  expect(ours).toBe('connected');
  expect(new Set(theirs)).toEqual(new Set(['refused']));
});

describe('T-WEB-14: who sends slowly, much, or nothing', () => {
  const idle = (port: number): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = createConnection({ port, host: '127.0.0.1' }, () => resolve(socket));
      socket.on('error', () => resolve(socket));
    });

  it('[WEB-LIMITS] 2,000 connections that say nothing, eight times as many as are kept, keep nobody out', async () => {
    await using at = await webScene();
    const page = await at.page();
    const opened: Socket[] = [];
    for (let round = 0; round < 20; round++) {
      opened.push(...(await Promise.all(Array.from({ length: 100 }, () => idle(at.port)))));
      if (round % 5 === 0) expect((await operation(at, 'proxies.list', page)).status).toBe(200);
    }
    expect((await operation(at, 'proxies.list', page)).status).toBe(200);
    for (const socket of opened) socket.destroy();
  });

  it('[WEB-LIMITS] requests that come a byte at a time are ended, and others are answered meanwhile', async () => {
    await using at = await webScene({ limits: { headersMs: 300, requestMs: 600, checkingMs: 50 } });
    const page = await at.page();
    const head = requestText('POST /trpc/access.unlock HTTP/1.1', {
      Host: hostOf(at),
      Origin: `http://${hostOf(at)}`,
      'Content-Type': 'application/json',
      'Content-Length': '100000',
    });
    const slow = await Promise.all(Array.from({ length: 50 }, () => idle(at.port)));
    const ends = slow.map((socket) => once(socket.resume(), 'close'));
    const drips = slow.map((socket, index) => {
      // Half of them never end their head, half their body.
      if (index % 2 === 0) socket.write(head);
      return setInterval(() => socket.writable && socket.write('x'), 20);
    });
    expect((await operation(at, 'proxies.list', page)).status).toBe(200);
    await Promise.all(ends);
    for (const drip of drips) clearInterval(drip);
    expect((await operation(at, 'proxies.list', page)).status).toBe(200);
  });

  it('[WEB-LIMITS] a head of 8 MB, a body of 8 MB and one of 1 TB are refused with their status', async () => {
    await using at = await webScene();
    const page = await at.page();
    const post = (length: number) =>
      requestText('POST /trpc/proxies.reloadAll HTTP/1.1', {
        Host: hostOf(at),
        Origin: `http://${hostOf(at)}`,
        ...secretsOf(page),
        'Content-Type': 'application/json',
        'Content-Length': String(length),
      });
    const head = await sendRaw(
      at.port,
      requestText('GET / HTTP/1.1', { Host: hostOf(at), 'X-Filler': 'x'.repeat(8_000_000) }),
    );
    expect([0, 431]).toContain(head.status);
    expect((await sendRaw(at.port, post(8_000_000) + 'x'.repeat(8_000_000))).status).toBe(413);
    expect((await sendRaw(at.port, post(2 ** 40))).status).toBe(413);
    const whole = JSON.stringify({ filler: 'x'.repeat(1_048_576 - 13) });
    expect((await operation(at, 'proxies.reloadAll', page, JSON.parse(whole))).status).toBe(200);
    expect(at.effects.filter((effect) => effect === 'reload')).toHaveLength(1);
  });

  it('[WEB-LIMITS] of who is locked out no body is read that is larger than a code could be', async () => {
    await using at = await webScene();
    const { code } = at.access.createCode();
    const post = (filler: number) =>
      operation(at, 'access.unlock', undefined, { code, filler: 'x'.repeat(filler) });
    expect((await post(16 * 1024)).status).toBe(413);
    expect((await post(1024 * 1024 - 100)).status).toBe(413);
    const head = requestText('POST /trpc/access.unlock HTTP/1.1', {
      Host: hostOf(at),
      Origin: `http://${hostOf(at)}`,
      'Content-Type': 'application/json',
      'Content-Length': '1000000',
    });
    // It is not waited for.
    expect((await sendRaw(at.port, head)).status).toBe(413);
    expect((await post(15 * 1024)).status).toBe(200);
  });

  it('[WEB-LOG-FLOODED] who floods the port fills no log: pages keep their lines, what is left out is counted and told', async () => {
    await using at = await webScene({ limits: { strangerLines: 2 } });
    const page = await at.page();
    const get = requestText('GET /missing.js HTTP/1.1', { Host: hostOf(at) });
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 50 }, () => sendRaw(at.port, get)));
      expect((await operation(at, 'proxies.list', page)).status).toBe(200);
    }
    const lines = (path: string) => at.requests.filter((line) => line.path === path).length;
    expect(lines('/trpc/proxies.list')).toBe(10);
    expect(at.counted).toHaveLength(510);
    const told = (): number => at.leftOut.reduce((sum, left) => sum + left, 0);
    await expect.poll(() => told() + lines('/missing.js'), { timeout: 10_000 }).toBe(500);
    expect(told()).toBeGreaterThan(0);
    // What is asked of the API by those is two lines each, else.
    const before = at.operations.length;
    await Promise.all(Array.from({ length: 50 }, () => operation(at, 'access.state')));
    expect(at.operations.length - before).toBeLessThan(50);
  });

  it('what is no UTF-8 is refused, not repaired', async () => {
    await using at = await webScene();
    const body = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    const head = requestText('POST /trpc/proxies.reloadAll HTTP/1.1', {
      Host: hostOf(at),
      Origin: `http://${hostOf(at)}`,
      ...secretsOf(await at.page()),
      'Content-Type': 'application/json',
      'Content-Length': String(body.length),
    });
    expect((await sendRaw(at.port, Buffer.concat([Buffer.from(head), body]))).status).toBe(400);
    expect(at.effects).toEqual([]);
  });

  it('a request that breaks off, and one behind another on a connection, harm nobody', async () => {
    await using at = await webScene();
    const page = await at.page();
    const socket = await idle(at.port);
    socket.write(
      requestText('POST /trpc/proxies.reloadAll HTTP/1.1', {
        Host: hostOf(at),
        Origin: `http://${hostOf(at)}`,
        ...secretsOf(page),
        'Content-Type': 'application/json',
        'Content-Length': '1000',
      }),
    );
    socket.end('{"proxy":');
    await once(socket.resume(), 'close');
    const get = requestText('GET /healthz HTTP/1.1', { Host: hostOf(at) });
    const foreign = requestText('GET /trpc/proxies.list HTTP/1.1', { Host: 'evil.test', ...secretsOf(page) });
    const two = await idle(at.port);
    let text = '';
    two.on('data', (chunk) => {
      text += chunk;
    });
    two.write(get + foreign + get);
    while (text.split('HTTP/1.1 ').length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    two.destroy();
    expect(
      text
        .split('HTTP/1.1 ')
        .slice(1)
        .map((answer) => answer.slice(0, 3)),
    ).toEqual(['200', '403', '200']);
    expect(at.effects).toEqual([]);
    expect(at.faults).toEqual([]);
  });
});

it('T-WEB-15 [WEB-PORT-TAKEN] where another program has the port, it does not start and says what to do', async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
  const address = squatter.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const attempt = webScene({ port: address.port });
  await expect(attempt).rejects.toMatchObject({ code: 'port_in_use' });
  await expect(attempt).rejects.toThrow(String(address.port));
  await attempt.catch(({ fix }) => expect(fix).toContain('--port'));
  squatter.close();
});

it('an operation that takes longer than a connection may be silent is answered', async () => {
  await using at = await webScene({ limits: { silenceMs: 50 } });
  const page = await at.page();
  at.knobs.slowMs = 300;
  expect((await operation(at, 'proxies.reloadAll', page, {})).status).toBe(200);
  // A connection without one is closed meanwhile.
  const silent = createConnection({ port: at.port, host: '127.0.0.1' });
  await once(silent.resume(), 'close');
});

it('the line of a request and that of its operation have one name', async () => {
  await using at = await webScene();
  await operation(at, 'proxies.list', await at.page());
  await expect.poll(() => at.requests.map(({ request }) => request)).toEqual(at.operations);
  expect(at.operations).toEqual([expect.stringMatching(/^req_[a-z2-7]{16}$/)]);
});

it('T-WEB-17 [WEB-REVOKED] a session that is revoked is over for every request after it', async () => {
  await using at = await webScene();
  const page = await at.page();
  expect((await operation(at, 'proxies.list', page)).status).toBe(200);
  at.access.revoke(page.session);
  expect((await operation(at, 'proxies.list', page)).status).toBe(401);
});
