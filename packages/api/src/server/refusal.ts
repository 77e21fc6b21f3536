import type { AcpError } from '@mcp-acp/shared/errors';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { errorWords, trpcErrorOf } from '../access/error-shape.ts';

/**
 * A refusal that no procedure gives, as the message tRPC would have made of it. With `null` it is about the connection:
 * the reason of everything that is lost with it.
 */
export function refusalOf(refused: AcpError, id: number | string | null): string {
  const error = trpcErrorOf(refused);
  const data = { code: error.code, httpStatus: refused.httpStatus, words: errorWords(error) };
  return JSON.stringify({
    id,
    error: { message: error.message, code: TRPC_ERROR_CODES_BY_KEY[error.code], data },
  });
}
