import { AcpError, type ErrorCode, errorTable } from '@mcp-acp/shared/errors';
import { TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc';

/** What a caller is told of a failure besides its message: a code of the one table, and what to do next. */
export interface ErrorWords {
  readonly code: ErrorCode;
  readonly fix?: string;
}

const keyOfStatus: Readonly<Record<number, TRPC_ERROR_CODE_KEY>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  412: 'PRECONDITION_FAILED',
  413: 'PAYLOAD_TOO_LARGE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
};

/** The error as tRPC carries it, with the status its code has. */
export function trpcErrorOf(error: AcpError): TRPCError {
  return new TRPCError({
    code: keyOfStatus[error.httpStatus] ?? 'INTERNAL_SERVER_ERROR',
    message: error.message,
    cause: error,
  });
}

const codeOfKey: Partial<Record<TRPC_ERROR_CODE_KEY, ErrorCode>> = {
  BAD_REQUEST: 'bad_request',
  PARSE_ERROR: 'bad_frame',
  NOT_FOUND: 'not_found',
  METHOD_NOT_SUPPORTED: 'bad_request',
  UNSUPPORTED_MEDIA_TYPE: 'bad_request',
  UNPROCESSABLE_CONTENT: 'bad_frame',
  PAYLOAD_TOO_LARGE: 'request_too_large',
  UNAUTHORIZED: 'locked',
  FORBIDDEN: 'not_permitted',
};

/** The code of the one table for any error of tRPC's. */
export function errorWords(error: TRPCError): ErrorWords {
  const { cause } = error;
  if (cause instanceof AcpError)
    return { code: cause.code, ...(cause.fix === undefined ? {} : { fix: cause.fix }) };
  const code = codeOfKey[error.code] ?? 'internal';
  return error.code === 'NOT_FOUND' ? { code, fix: otherVersion } : { code };
}

/** Nothing of ours asks for a procedure that is not there, unless it is of another version. */
const otherVersion =
  'The two programs may be of different versions. Restart the older one: mcp-acp manager stop, or the MCP client.';

/** What a caller is told in words. What went wrong inside us is for the log, not for them. */
export function errorMessage(error: TRPCError): string {
  const { code } = errorWords(error);
  if (error.cause instanceof AcpError) return error.message;
  if (code === 'internal') return errorTable.internal.title;
  return error.code === 'BAD_REQUEST' ? badInput(error) : errorTable[code].title;
}

/** Which parts of an input are wrong, without their values. */
function badInput({ cause }: TRPCError): string {
  const issues: unknown = cause !== undefined && 'issues' in cause ? cause.issues : undefined;
  if (!Array.isArray(issues)) return errorTable.bad_request.title;
  const places = issues.slice(0, 5).map((issue: { path?: unknown; message?: unknown }) => {
    const path = Array.isArray(issue.path) ? issue.path.join('.') : '';
    return `${path === '' ? 'input' : path}: ${String(issue.message)}`;
  });
  return `${errorTable.bad_request.title} ${places.join('; ')}`.slice(0, 1000);
}
