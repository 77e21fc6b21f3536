import { join } from 'node:path';
import { AcpError } from '@mcp-acp/shared/errors';
import { describe, expect, it } from 'vitest';
import { acpErrorOf } from '../src/client/errors.ts';
import { forwardTo } from '../src/client/forward.ts';
import { openSocketChannel } from '../src/client/socket-channel.ts';
import { openSocketClient } from '../src/client/socket-client.ts';
import type { ProxyRouter } from '../src/router/proxy-router.ts';
import { answerWith } from './resources/answer-with.ts';
import { tempFolder } from './resources/serve-instance.ts';

const noMessages = [
  'null',
  '7',
  '"text"',
  '[]',
  '{}',
  '{nope',
  '{"id":1}',
  '{"id":null}',
  '{"id":null,"method":"reconnect"}',
  '{"id":{},"result":{"type":"data"}}',
  '{"id":1,"result":null}',
  '{"id":1,"result":7}',
  '{"id":1,"result":[]}',
  '{"id":1,"result":{}}',
  '{"id":1,"result":{"type":"other"}}',
  '{"id":1,"result":{"type":"data","id":"a.1","data":null}}',
  '{"id":1,"result":{"type":"data","id":"","data":{"data":1}}}',
  '{"id":1,"result":{"type":"data","id":7,"data":{}}}',
  '{"id":1,"error":null}',
  '{"id":1,"error":"no"}',
  '{"id":1,"error":{"message":7,"code":1}}',
  '{"id":1,"error":null,"result":{"type":"data","data":1}}',
];

/** A reader that does with what comes what its type lets it do. */
const readEvents = (path: string) => {
  const client = openSocketClient<ProxyRouter>({ path });
  const failed = new Promise<AcpError>((resolve) => {
    client.api.proxy.events.subscribe(
      { proxy: 'files' },
      {
        onData: ({ data }) => {
          for (const [id] of data) id.toUpperCase();
        },
        onError: (error) => resolve(acpErrorOf(error)),
      },
    );
  });
  return { client, failed };
};

describe('a program that says what is no message of the API', () => {
  it.each(noMessages)('[API-HOSTILE-ANSWERS] loses that connection and nothing else: %s', async (line) => {
    using folder = tempFolder();
    const path = join(folder.path, 'a.sock');
    await using program = await answerWith(path, (_line, socket) => socket.write(`${line}\n`));
    const { client, failed } = readEvents(path);
    const query = client.api.proxy.status.query({ proxy: 'files' }).catch(acpErrorOf);
    expect((await failed).code).toBe('bad_frame');
    expect(await query).toMatchObject({ code: 'bad_frame' });
    // The next operation opens another connection.
    await client.api.proxy.status.query({ proxy: 'files' }).catch(acpErrorOf);
    expect(program.connections).toBe(2);
    client.close();
  });

  it.each([
    ['nothing', { type: 'data' }],
    ['no batch', { type: 'data', id: 'a.1', data: { id: 'a.1', data: null } }],
    ['a batch of nothing', { type: 'data', id: 'a.1', data: { id: 'a.1', data: [null] } }],
  ])(
    '[API-HOSTILE-ANSWERS] whose data is %s ends the subscription, not the program that reads it',
    async (_name, result) => {
      using folder = tempFolder();
      const path = join(folder.path, 'a.sock');
      await using _program = await answerWith(path, (line, socket) =>
        socket.write(`${JSON.stringify({ id: JSON.parse(line).id, result })}\n`),
      );
      const { client, failed } = readEvents(path);
      expect((await failed).code).toBe('internal');
      client.close();
    },
  );

  it('[API-HOSTILE-ANSWERS] ends what is passed on to it with an error', async () => {
    using folder = tempFolder();
    const path = join(folder.path, 'a.sock');
    await using _program = await answerWith(path, (_line, socket) => socket.write('null\n'));
    const channel = openSocketChannel({
      path,
      unreachable: (code) => new AcpError('proxy_disconnected', code),
    });
    const operation = { path: 'proxy.events', input: {}, proxy: 'files', signal: undefined };
    const call = forwardTo({ channel, answerMs: 60_000 }, { ...operation, kind: 'query' });
    await expect(call).rejects.toMatchObject({ code: 'bad_frame' });
    const stream = await forwardTo({ channel, answerMs: 60_000 }, { ...operation, kind: 'subscription' });
    const reading = (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
    await expect(reading).rejects.toMatchObject({ code: 'bad_frame' });
    channel.close();
  });

  it('[API-HOSTILE-ANSWERS] in many words is cut short', async () => {
    using folder = tempFolder();
    const path = join(folder.path, 'a.sock');
    const error = {
      message: 'x'.repeat(1_000_000),
      code: -32603,
      data: { words: { code: 'toString', fix: 7 } },
    };
    await using _program = await answerWith(path, (line, socket) =>
      socket.write(`${JSON.stringify({ id: JSON.parse(line).id, error })}\n`),
    );
    const { client, failed } = readEvents(path);
    const told = await failed;
    expect(told.code).toBe('internal');
    expect(told.message.length).toBeLessThan(10_000);
    client.close();
  });
});
