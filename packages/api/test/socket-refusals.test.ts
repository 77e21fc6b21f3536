import { createConnection } from 'node:net';
import { join } from 'node:path';
import { AcpError } from '@mcp-acp/shared/errors';
import { instanceStatus, playInstance } from '@mcp-acp/testing/play-instance';
import { describe, expect, it } from 'vitest';
import { acpErrorOf } from '../src/client/errors.ts';
import { openProxiesClient } from '../src/client/proxies-client.ts';
import { openSocketClient } from '../src/client/socket-client.ts';
import { type AppRouter, appRouter } from '../src/router/app-router.ts';
import type { ProxyRouter } from '../src/router/proxy-router.ts';
import { listenOnSocket } from '../src/server/listen-on-socket.ts';
import { mostFrameBytes } from '../src/wire/line-frames.ts';
import { answerWith } from './resources/answer-with.ts';
import { serveInstance, tempFolder } from './resources/serve-instance.ts';

describe('what is too large', () => {
  it('[API-TOO-LARGE] is refused before it leaves, and the connection goes on', async () => {
    using folder = tempFolder();
    const instance = playInstance();
    await using served = await serveInstance(instance, join(folder.path, 'a.sock'));
    const client = openSocketClient<ProxyRouter>({ path: served.path });
    const lost: unknown[] = [];
    client.api.proxy.events.subscribe({ proxy: 'files' }, { onError: (error) => lost.push(error) });
    await expect.poll(() => instance.listeners).toBe(1);
    const proxy = 'é'.repeat(mostFrameBytes / 2);
    expect(await client.api.proxy.status.query({ proxy }).catch(acpErrorOf)).toMatchObject({
      code: 'request_too_large',
    });
    expect(await client.api.proxy.status.query({ proxy: 'files' })).toEqual(instanceStatus());
    expect(lost).toEqual([]);
    client.close();
  });

  it('[API-TOO-LARGE] is the reason of everything lost with the connection, where the other side ends it', async () => {
    using folder = tempFolder();
    await using served = await serveInstance(playInstance(), join(folder.path, 'a.sock'));
    const path = join(folder.path, 'narrow.sock');
    // A program with a smaller limit than ours: what it hears is more than it takes.
    await using _program = await answerWith(path, (line, socket) => {
      const upstream = createConnection(served.path);
      // It ends while it is still written to.
      upstream.on('error', () => undefined);
      upstream.on('data', (chunk) => socket.write(chunk));
      upstream.on('end', () => socket.end());
      upstream.write(line.padEnd(2 * mostFrameBytes, ' '));
    });
    const client = openSocketClient<ProxyRouter>({ path });
    const error = await client.api.proxy.status.query({ proxy: 'files' }).catch(acpErrorOf);
    expect(error).toMatchObject({ code: 'request_too_large' });
    client.close();
  });
});

describe('a policy', () => {
  const check = async (text: string) => {
    const seen: string[] = [];
    const ports = {
      files: {
        checkPolicy: (_proxy: string, came: string) => {
          seen.push(came);
          return { ok: true, rules: 0, problems: [] };
        },
      },
    };
    using folder = tempFolder();
    const path = join(folder.path, 'manager.sock');
    const server = await listenOnSocket({
      path,
      router: appRouter,
      context: (connection) => ({
        caller: { kind: 'socket' },
        connection,
        live: { at: 'elsewhere', forward: async () => undefined },
        manager: ports as never,
      }),
    });
    const client = openSocketClient<AppRouter>({ path });
    const answer = await client.api.policies.check.mutate({ proxy: 'files', text }).catch(acpErrorOf);
    client.close();
    await server.close();
    return { answer, seen };
  };

  it.each(['a', 'é', '\n', '"', '😀'])(
    '[API-TOO-LARGE] of the largest size can be sent, whatever it is made of: %j',
    async (sign) => {
      const text = sign.repeat(Math.floor((384 * 1024) / Buffer.byteLength(sign)));
      const { answer, seen } = await check(text);
      expect(answer).toMatchObject({ ok: true });
      expect(seen).toEqual([text]);
    },
  );

  it('[API-TOO-LARGE] of more bytes is refused with its place', async () => {
    const { answer, seen } = await check('é'.repeat(200 * 1024));
    expect(answer).toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining('text: Larger than'),
    });
    expect(seen).toEqual([]);
  });
});

describe('who does not answer', () => {
  it('[API-UNANSWERING] the manager is told from one that does not run', async () => {
    using folder = tempFolder();
    const path = join(folder.path, 'manager.sock');
    await using _program = await answerWith(path, () => undefined);
    const client = openSocketClient<ProxyRouter>({ path, answerMs: 20 });
    expect(await client.api.proxy.status.query({ proxy: 'files' }).catch(acpErrorOf)).toMatchObject({
      code: 'manager_unanswering',
      httpStatus: 504,
      fix: expect.stringContaining('mcp-acp manager stop'),
    });
    client.close();
  });

  it('[API-UNANSWERING] a proxy keeps its own code', async () => {
    using folder = tempFolder();
    const path = join(folder.path, 'proxy.sock');
    await using _program = await answerWith(path, () => undefined);
    const client = openProxiesClient({ socketOf: () => path, answerMs: 20 });
    const error = await client.api.proxy.status.query({ proxy: 'files' }).catch(acpErrorOf);
    expect(error).toMatchObject({ code: 'proxy_unanswering' });
    client.close();
  });

  it('[API-UNANSWERING] one that ends the connection at once is not said to be startable', async () => {
    using folder = tempFolder();
    const path = join(folder.path, 'manager.sock');
    await using _program = await answerWith(path, (_line, socket) => socket.destroy());
    const client = openSocketClient<ProxyRouter>({ path });
    const full = await client.api.proxy.status.query({ proxy: 'files' }).catch(acpErrorOf);
    expect(full).toMatchObject({
      code: 'manager_not_running',
      fix: expect.stringContaining('manager status'),
    });
    client.close();
    const nobody = openSocketClient<ProxyRouter>({ path: join(folder.path, 'none.sock') });
    const gone = await nobody.api.proxy.status.query({ proxy: 'files' }).catch(acpErrorOf);
    expect(gone).toMatchObject({
      code: 'manager_not_running',
      fix: expect.stringContaining('manager start'),
    });
    nobody.close();
  });
});

describe('whose socket it is', () => {
  it('[API-SOCKET-CHECKED] is asked before each connection, and nothing is sent to one that is refused', async () => {
    using folder = tempFolder();
    const path = join(folder.path, 'manager.sock');
    await using program = await answerWith(path, (_line, socket) => socket.destroy());
    const verdicts: ('there' | 'absent' | 'foreign')[] = ['there', 'absent', 'foreign'];
    const check = (): 'there' | 'absent' => {
      const verdict = verdicts.shift();
      if (verdict === 'there' || verdict === 'absent') return verdict;
      throw new AcpError('config_invalid', 'It is somebody else’s.');
    };
    const client = openSocketClient<ProxyRouter>({ path, check });
    const codes: unknown[] = [];
    for (let count = 0; count < 3; count++) {
      codes.push(
        await client.api.proxy.status.query({ proxy: 'files' }).catch((error) => acpErrorOf(error).code),
      );
    }
    expect(codes).toEqual(['manager_not_running', 'manager_not_running', 'config_invalid']);
    expect(program.connections).toBe(1);
    client.close();
  });
});
