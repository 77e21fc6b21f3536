import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { BackendEvent } from '@mcp-acp/mcp/http/http-backend-options';
import { expect, test } from 'vitest';
import { localBackend } from './local-backend.ts';

interface Asked {
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into messages of every shape
  readonly message: any;
}

const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const call = (id: number, args: object): Buffer =>
  Buffer.from(
    JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'sql', arguments: args, _meta: { ...envelope, progressToken: 'mine' } },
    }),
  );
const tool = (name: string, header?: string): object => ({
  name,
  inputSchema: {
    type: 'object',
    properties: { region: { type: 'string', ...(header === undefined ? {} : { 'x-mcp-header': header }) } },
  },
});

/** Sends lines to a server that wants `Mcp-Param-Region`, and lists its tools on two pages; returns what passed. */
async function meet(lines: readonly Buffer[], header: string | undefined) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const message = JSON.parse(Buffer.concat(parts).toString('utf8'));
      asked.push({ headers: request.headers, message });
      const reply = (status: number, content: object): void => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...content }));
      };
      if (message.method === 'tools/list') {
        const isFirst = message.params.cursor === undefined;
        return reply(200, {
          result: isFirst
            ? { resultType: 'complete', tools: [tool('other')], nextCursor: 'page 2' }
            : { resultType: 'complete', tools: [tool('sql', header)] },
        });
      }
      if (request.headers['mcp-param-region'] === undefined)
        return reply(400, { error: { code: -32020, message: 'Mcp-Param-Region is missing' } });
      reply(200, { result: { resultType: 'complete', content: [] } });
    });
  });
  const events: BackendEvent[] = [];
  const answers: unknown[] = [];
  const backend = await localBackend(server, (event) => events.push(event));
  const ignore = (): void => undefined;
  for (const line of lines) {
    await new Promise<void>((resolve) => {
      backend.start({
        line: (answer) => {
          answers.push(JSON.parse(answer.toString('utf8')));
          resolve();
        },
        failed: (id, failure) => {
          answers.push({ id, failure });
          resolve();
        },
        oversize: ignore,
        drained: ignore,
        ended: ignore,
        gone: ignore,
      });
      backend.send([line]);
    });
  }
  await backend.terminate(0);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { asked, answers, listings: events.filter(({ kind }) => kind === 'tools_listed').length };
}

test('a call whose headers are found wanting asks for the list once, and is sent again with what it says', async () => {
  const { asked, answers, listings } = await meet([call(1, { region: 'Zürich' })], 'Region');
  expect(asked.map(({ message }) => message.method)).toEqual([
    'tools/call',
    'tools/list',
    'tools/list',
    'tools/call',
  ]);
  expect(asked[1]?.message.params).toEqual({ _meta: envelope });
  expect(asked[1]?.headers).toMatchObject({
    'mcp-method': 'tools/list',
    'mcp-protocol-version': '2026-07-28',
  });
  expect(asked[2]?.message.params).toEqual({ _meta: envelope, cursor: 'page 2' });
  expect(asked[3]?.message).toEqual(asked[0]?.message);
  expect(asked[3]?.headers['mcp-param-region']).toBe('=?base64?WsO8cmljaA==?=');
  expect(answers).toEqual([{ jsonrpc: '2.0', id: 1, result: { resultType: 'complete', content: [] } }]);
  expect(listings).toBe(1);
});

test('where the list tells nothing new, the client gets the error as it came', async () => {
  const { asked, answers } = await meet([call(1, { region: 'x' })], undefined);
  expect(asked.map(({ message }) => message.method)).toEqual(['tools/call', 'tools/list', 'tools/list']);
  expect(answers).toEqual([
    { jsonrpc: '2.0', id: 1, error: { code: -32020, message: 'Mcp-Param-Region is missing' } },
  ]);
});

test('a tool whose annotation turns out to be invalid is not called again', async () => {
  const { asked, answers } = await meet([call(1, { region: 'x' })], 'not a name');
  expect(asked.filter(({ message }) => message.method === 'tools/call')).toHaveLength(1);
  expect(answers).toMatchObject([{ id: 1, error: { code: -32020 } }]);
});
