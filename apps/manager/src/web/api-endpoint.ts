import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Connection, countOperations } from '@mcp-acp/api/connection';
import type { ApiContext } from '@mcp-acp/api/context';
import { pageEndpoint } from '@mcp-acp/api/web-names';
import { AcpError } from '@mcp-acp/shared/errors';
import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import { refusal, send } from './answers.ts';
import { readBody } from './read-body.ts';
import type { Passed } from './request-gate.ts';
import type { WebConnection } from './web-ports.ts';

export interface ApiEndpointOptions {
  readonly router: AnyTRPCRouter;
  readonly createContext: (connection: WebConnection) => ApiContext;
  readonly onFault: (error: unknown, path: string | undefined) => void;
  readonly bodyBytes: number;
}

/** Operations in one request. */
const mostInBatch = 32;

/** Queries and mutations over HTTP. The answer is sent by when the promise resolves; it never rejects. */
export async function answerOperation(
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly passed: Passed },
  who: Omit<WebConnection, 'connection'>,
  { router, createContext, onFault, bodyBytes }: ApiEndpointOptions,
): Promise<void> {
  const { request, response, passed } = exchange;
  const path = passed.path.slice(pageEndpoint.length + 1);
  if (!/^[A-Za-z0-9_.,]{1,2048}$/.test(path)) {
    send(response, refusal(404, new AcpError('not_found')));
    return;
  }
  // tRPC would answer them with an event stream.
  if (path.split(',').some((one) => procedureOf(router, one)?._def.type === 'subscription')) {
    send(response, refusal(405, new AcpError('bad_request', 'Subscriptions go over the WebSocket.')));
    return;
  }
  const body = request.method === 'POST' ? await bodyOf(request) : undefined;
  if (body instanceof AcpError) {
    send(response, refusal(400, body));
    return;
  }
  const connection: Connection = { drained: () => Promise.resolve(), enter: countOperations() };
  await nodeHTTPRequestHandler({
    router,
    path,
    req: Object.assign(request, body === undefined ? {} : { body }),
    res: response,
    maxBodySize: bodyBytes,
    maxBatchSize: mostInBatch,
    createContext: () => createContext({ ...who, connection }),
    onError: ({ error, path: failed }) => {
      if (error.code === 'INTERNAL_SERVER_ERROR' && !(error.cause instanceof AcpError)) {
        onFault(error.cause ?? error, failed);
      }
    },
  });
}

/** `_def.procedures` is a record without a prototype, by full path. */
const procedureOf = ({ _def }: AnyTRPCRouter, path: string): AnyTRPCProcedure | undefined =>
  (_def.procedures as Readonly<Record<string, AnyTRPCProcedure>>)[path];

async function bodyOf(request: IncomingMessage): Promise<string | AcpError> {
  try {
    return await readBody(request);
  } catch (error) {
    return error instanceof AcpError ? error : new AcpError('bad_request', undefined, { cause: error });
  }
}
