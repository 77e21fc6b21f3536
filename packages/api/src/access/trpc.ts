import type { ErrorCode } from '@mcp-acp/shared/errors';
import { initTRPC } from '@trpc/server';
import type { ApiContext } from '../context.ts';
import { errorMessage, errorWords } from './error-shape.ts';

/** What is said of a procedure besides its builder. */
export interface ProcedureMeta {
  /** Not even an unlocked page may call it: it opens doors, so it takes a program on a socket. */
  readonly only?: 'socket';
  /** The refusals of its own, besides those of its builder: part of the contract, as its input and output are. */
  readonly errors?: readonly ErrorCode[];
}

export const trpc = initTRPC
  .context<ApiContext>()
  .meta<ProcedureMeta>()
  .create({
    isServer: true,
    // Stack traces are for our own log.
    isDev: false,
    errorFormatter: ({ shape, error }) => ({
      ...shape,
      message: errorMessage(error),
      data: { ...shape.data, words: errorWords(error) },
    }),
  });
