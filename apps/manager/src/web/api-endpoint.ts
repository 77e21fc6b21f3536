import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Connection, countOperations } from '@mcp-acp/api/connection';
import type { ApiContext } from '@mcp-acp/api/context';
import type { OperationLog } from '@mcp-acp/api/ports/operation-log';
import { isOurFault } from '@mcp-acp/api/server/whose-fault';
import { pageEndpoint } from '@mcp-acp/api/web-names';
import { AcpError } from '@mcp-acp/shared/errors';
import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import { refusal, send } from './answers.ts';
import type { LineBudget } from './line-budget.ts';
import { readBody } from './read-body.ts';
import type { Passed } from './request-gate.ts';
import type { WebConnection } from './web-ports.ts';

export interface ApiEndpointOptions {
  readonly router: AnyTRPCRouter;
  readonly createContext: (connection: WebConnection) => ApiContext;
  readonly onFault: (error: unknown, path: string | undefined) => void;
  readonly bodyBytes: number;
  readonly strangerBodyBytes: number;
  /** For what those do who are locked out. */
  readonly strangers: LineBudget;
}

/** Operations in one request, and in one of somebody who is locked out. */
const mostInBatch = 32;
const mostOfStranger = 2;

/** Queries and mutations over HTTP. The answer is sent by when the promise resolves; it never rejects. */
export async function answerOperation(
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly passed: Passed },
  who: Omit<WebConnection, 'connection'>,
  { router, createContext, onFault, bodyBytes, strangerBodyBytes, strangers }: ApiEndpointOptions,
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
  const isStranger = who.caller.kind === 'anonymous';
  const mostBytes = isStranger ? strangerBodyBytes : bodyBytes;
  if (Number(passed.header('content-length') ?? 0) > mostBytes) {
    send(response, refusal(413, new AcpError('request_too_large')));
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
    maxBodySize: mostBytes,
    maxBatchSize: isStranger ? mostOfStranger : mostInBatch,
    createContext: () => {
      const context = createContext({ ...who, connection });
      return isStranger ? { ...context, operations: within(strangers, context.operations) } : context;
    },
    onError: ({ error, path: failed }) => {
      if (isOurFault(error)) onFault(error.cause ?? error, failed);
    },
  });
}

const within = (budget: LineBudget, log: OperationLog | undefined): OperationLog => ({
  record: (entry) => {
    if (budget.spend()) log?.record(entry);
  },
});

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
