import type { ServerResponse } from 'node:http';
import { trpcErrorOf } from '@mcp-acp/api/access/error-shape';
import { AcpError, type ErrorCode } from '@mcp-acp/shared/errors';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export function send(response: ServerResponse, answer: Answer): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  response.writeHead(answer.status, {
    'Content-Type': answer.type,
    'Content-Length': body.length,
    ...answer.headers,
  });
  response.end(body);
}

/** A refusal in the shape the API's clients read, so that they can tell one from another wherever it was refused. */
export function refusal(status: number, error: AcpError): Answer {
  const { code, message } = trpcErrorOf(error);
  const words = { code: error.code, ...(error.fix === undefined ? {} : { fix: error.fix }) };
  const shape = { message, code: TRPC_ERROR_CODES_BY_KEY[code], data: { code, httpStatus: status, words } };
  return { status, type: 'application/json', body: JSON.stringify({ error: shape }) };
}

const fixes: Partial<Record<ErrorCode, string>> = { locked: 'Unlock it: mcp-acp manager open' };

export const refusalOf = ({
  status,
  code,
  why,
}: {
  readonly status: number;
  readonly code: ErrorCode;
  readonly why: string;
}): Answer => {
  const fix = fixes[code];
  return refusal(status, new AcpError(code, why, fix === undefined ? {} : { fix }));
};

export const text = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body,
});

export const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});
