import { instanceStatus } from '@mcp-acp/testing/play-instance';
import { callTRPCProcedure, type TRPCError } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { errorWords } from '../src/access/error-shape.ts';
import type { ApiContext } from '../src/context.ts';
import type { JoinMessage, JoinRequest } from '../src/ports/registry.ts';
import { appRouter } from '../src/router/app-router.ts';

async function join(request: object) {
  const joined: JoinRequest[] = [];
  async function* messages(came: JoinRequest): AsyncGenerator<JoinMessage> {
    joined.push(came);
    yield { type: 'welcome', protocol: 1, manager: 'start_aaaaaaaaaaaaaaaa' };
  }
  const ctx: ApiContext = {
    caller: { kind: 'socket' },
    connection: { drained: () => Promise.resolve(), enter: () => () => undefined },
    live: { at: 'elsewhere', forward: async () => undefined },
    manager: { registry: { join: messages } } as never,
  };
  const call = callTRPCProcedure({
    router: appRouter,
    path: 'registry.join',
    ctx,
    type: 'subscription',
    getRawInput: async () => request,
    signal: undefined,
    batchIndex: 0,
  }) as Promise<AsyncIterable<JoinMessage>>;
  const told: unknown[] = [];
  for await (const message of await call) told.push(message);
  return { joined, told };
}

const failure = (request: object) =>
  join(request).then(
    () => {
      throw new Error('It was let in.');
    },
    (error: TRPCError) => ({ message: error.message, ...errorWords(error) }),
  );

const same = { protocol: { least: 1, most: 1 }, socket: '/run/a.sock', status: instanceStatus() };
const newer = { least: 2, most: 2 };

describe('a proxy that joins', () => {
  it('[REGISTRATION-REFUSED] is let in with all it said', async () => {
    const { joined, told } = await join(same);
    expect(joined).toEqual([same]);
    expect(told).toMatchObject([{ type: 'welcome' }]);
  });

  it.each([
    ['looks the same', { ...same, protocol: newer }],
    [
      'has a status of another shape',
      { ...same, protocol: newer, status: { ...same.status, backend: 'resting' } },
    ],
    ['says nothing else that is known', { protocol: newer, who: 'a proxy' }],
    ['has another kind of name', { protocol: newer, status: { name: 7 } }],
  ])('[REGISTRATION-REFUSED] of another version is told so where it %s', async (_name, request) => {
    expect(await failure(request)).toMatchObject({
      code: 'protocol_incompatible',
      message: expect.stringContaining('The manager speaks version 1 of the API'),
      fix: expect.stringContaining('Restart the older'),
    });
  });

  it('[REGISTRATION-REFUSED] is named where its name is understood', async () => {
    const { message } = await failure({
      ...same,
      protocol: newer,
      status: { name: 'files', program: '9.0.0' },
    });
    expect(message).toContain('the proxy "files" (mcp-acp 9.0.0) 2.');
  });

  it('[REGISTRATION-REFUSED] of our version is told what is wrong', async () => {
    const { code } = await failure({ ...same, status: { ...same.status, backend: 'resting' } });
    expect(code).toBe('bad_request');
  });
});
