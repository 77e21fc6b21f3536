import { AcpError, type ErrorCode, errorTable } from '@mcp-acp/shared/errors';
import { TRPCClientError } from '@trpc/client';
import type { IncomingMessage } from './read-answer.ts';

const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorTable, value);

/** Any failure of a call as the one kind of error we have: what the other side said, or that it could not be reached. */
export function acpErrorOf(error: unknown): AcpError {
  if (error instanceof AcpError) return error;
  if (!(error instanceof TRPCClientError)) {
    return new AcpError('internal', error instanceof Error ? error.message : String(error), { cause: error });
  }
  if (error.cause instanceof AcpError) return error.cause;
  const words: unknown = error.data?.words;
  const code: unknown = typeof words === 'object' && words !== null ? Reflect.get(words, 'code') : undefined;
  const fix: unknown = typeof words === 'object' && words !== null ? Reflect.get(words, 'fix') : undefined;
  return new AcpError(isErrorCode(code) ? code : 'internal', error.message, {
    cause: error,
    ...(typeof fix === 'string' ? { fix } : {}),
  });
}

/** The refusal a message of the other side carries. */
export const refusalIn = (error: NonNullable<IncomingMessage['error']>): AcpError =>
  acpErrorOf(TRPCClientError.from({ error } as never));
