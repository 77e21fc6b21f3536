import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { openPageClient } from '@mcp-acp/api/client/page-client';
import { pageNameText, proofText } from '@mcp-acp/api/web-names';
import { describe, expect, it } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { cookieName, type Page, requestText, sendRaw, webScene } from './web-scene.ts';

const patience = { timeout: 30_000 };

/** Sessions outlive the managers of a test. */
function keptSessions() {
  const dir = mkdtempSync(join(tmpdir(), 'acp-squatter-'));
  return {
    accessFile: join(dir, 'access.json'),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** The page's client as a browser has it, which keeps the cookie and sends it wherever the page asks with credentials. */
function pageAt(port: number, { cookie, token }: Page) {
  const origin = `http://127.0.0.1:${port}`;
  const own = { Origin: origin, 'Sec-Fetch-Site': 'same-origin' };
  const all = { ...own, Cookie: `${cookieName}=${cookie}` };
  class PageWebSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[], options?: ClientOptions) {
      super(url, protocols, { ...options, headers: all });
    }
  }
  return openPageClient({
    origin,
    token: () => token,
    browser: {
      fetch: (url, init) => {
        const given = Object.fromEntries(new Headers(init?.headers));
        return fetch(url, { ...init, headers: { ...given, ...(init?.credentials === 'omit' ? own : all) } });
      },
      WebSocket: PageWebSocket as never,
    },
  });
}

type Answers = (request: IncomingMessage, response: ServerResponse) => void;

/** Another program on the port of the manager, which keeps everything it is given. */
async function squatOn(port: number, answer: Answers) {
  const given: string[] = [];
  const server = createServer((request, response) => {
    given.push([request.url, ...request.rawHeaders].join('\n'));
    answer(request, response);
  });
  server.on('upgrade', (request, socket) => {
    given.push([request.url, ...request.rawHeaders].join('\n'));
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on('error', () => undefined);
    socket.on('data', (frame: Buffer) => given.push(unmasked(frame)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    given,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The text of a short frame as a client sends it. */
function unmasked(frame: Buffer): string {
  const at = ((frame[1] ?? 0) & 127) === 126 ? 4 : 2;
  const mask = frame.subarray(at, at + 4);
  return frame
    .subarray(at + 4)
    .map((byte, index) => byte ^ (mask[index % 4] ?? 0))
    .toString();
}

const say = (status: number, value: unknown): Answers => {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return (_, response) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
};

const squatters: readonly (readonly [string, code: string, Answers])[] = [
  ['that says nothing of use', 'manager_not_running', say(200, 'hello')],
  ['that answers as the manager would', 'manager_not_running', say(200, [{ result: { data: [] } }])],
  [
    'that makes up a proof',
    'manager_not_running',
    say(200, { result: { data: { proof: randomBytes(32).toString('hex') } } }),
  ],
  ['that gives an empty proof', 'manager_not_running', say(200, { result: { data: { proof: '' } } })],
  ['that says the page is locked', 'locked', say(401, { error: { data: { words: { code: 'locked' } } } })],
  [
    'that sends it elsewhere',
    'manager_not_running',
    (_, response) => response.writeHead(307, { Location: 'http://127.0.0.1:9/' }).end(),
  ],
];

describe('T-WEB-15: another program on the port while the manager is away', () => {
  for (const [what, code, answer] of squatters) {
    it(`[WEB-MANAGER-PROVEN] ${what} is not shown the token of an open page, nor its cookie; the page goes on with the next manager`, async () => {
      using kept = keptSessions();
      const first = await webScene(kept);
      const { port } = first;
      const shown = await first.page();
      const page = pageAt(port, shown);
      const events: string[] = [];
      const subscription = page.api.events.live.subscribe(
        {},
        { onData: ({ data }) => events.push(...data.map(([id]) => id)) },
      );
      await expect.poll(() => first.subscribers).toBe(1);
      expect(await page.api.proxies.list.query()).toEqual([]);
      await first[Symbol.asyncDispose]();

      {
        await using squatter = await squatOn(port, answer);
        for (let request = 0; request < 3; request++) {
          const error = await page.api.proxies.list.query().catch(acpErrorOf);
          expect(error).toMatchObject({ code });
        }
        const all = squatter.given.join('\n');
        expect(all).toContain('/trpc/access.prove');
        expect(all).not.toContain(shown.token);
        expect(all).not.toContain(shown.cookie);
      }

      await using second = await webScene({ ...kept, port });
      await expect.poll(() => page.api.proxies.list.query().catch(() => 'not yet'), patience).toEqual([]);
      await expect.poll(() => second.subscribers, patience).toBe(1);
      second.tell({ type: 'manager_started', time: '2026-01-01T00:00:00.000Z', pid: 1 });
      await expect.poll(() => events, patience).toEqual(['epoch.1']);
      subscription.unsubscribe();
      page.close();
    });
  }

  it('[WEB-MANAGER-PROVEN] that asks a manager on another port for the proof has one for that port', async () => {
    using kept = keptSessions();
    const first = await webScene(kept);
    const { port } = first;
    const shown = await first.page();
    const page = pageAt(port, shown);
    expect(await page.api.proxies.list.query()).toEqual([]);
    await first[Symbol.asyncDispose]();
    await using elsewhere = await webScene(kept);
    await using squatter = await squatOn(port, (request, response) => {
      const host = `127.0.0.1:${elsewhere.port}`;
      const relayed = requestText(`GET ${request.url} HTTP/1.1`, { Host: host, Origin: `http://${host}` });
      void sendRaw(elsewhere.port, relayed).then(({ status, body }) => say(status, body)(request, response));
    });
    const error = await page.api.proxies.list.query().catch(acpErrorOf);
    expect(error).toMatchObject({ code: 'manager_not_running' });
    expect(squatter.given.join('\n')).not.toContain(shown.token);
    expect(elsewhere.requests.map(({ status }) => status)).toContain(200);
    page.close();
  });
});

describe('the proof', () => {
  const ask = (port: number, input: unknown) =>
    sendRaw(
      port,
      requestText(`GET /trpc/access.prove?input=${encodeURIComponent(JSON.stringify(input))} HTTP/1.1`, {
        Host: `127.0.0.1:${port}`,
        'Sec-Fetch-Site': 'same-origin',
      }),
    );

  it('[WEB-MANAGER-PROVEN] is made with the digest of the token, for one session, one address and one nonce', async () => {
    await using at = await webScene();
    const { token, session } = await at.page();
    await at.page();
    const key = createHash('sha256').update(token).digest();
    const mac = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
    const nonce = randomBytes(32).toString('hex');
    const answer = await ask(at.port, { page: mac(pageNameText), nonce });
    expect(JSON.parse(answer.body)).toEqual({
      result: { data: { proof: mac(proofText(`127.0.0.1:${at.port}`, nonce)) } },
    });
    expect(at.effects).toEqual([]);
    at.access.revoke(session);
    expect((await ask(at.port, { page: mac(pageNameText), nonce })).status).toBe(401);
  });

  it('is of nothing a caller chooses: other names are locked, other forms refused', async () => {
    await using at = await webScene();
    await at.page();
    const nonce = '0'.repeat(64);
    expect((await ask(at.port, { page: '0'.repeat(64), nonce })).status).toBe(401);
    for (const input of [{}, { page: '', nonce }, { page: nonce, nonce: `${nonce}\n` }, { page: nonce }]) {
      expect((await ask(at.port, input)).status).toBe(400);
    }
  });
});
