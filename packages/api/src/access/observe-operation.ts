import { AcpError } from '@mcp-acp/shared/errors';
import { newName } from '@mcp-acp/shared/ids';
import { getTRPCErrorFromUnknown, type TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { ApiContext } from '../context.ts';
import { isStream } from './as-taken.ts';
import { errorWords, trpcErrorOf } from './error-shape.ts';
import { trpc } from './trpc.ts';

/** Names one operation in logs and records. */
const newRequestId = (): string =>
  newName((length) => crypto.getRandomValues(new Uint8Array(length)), 'req_');

const given = (input: unknown, key: string): string | undefined => {
  const value: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, key) : undefined;
  return typeof value === 'string' ? value.slice(0, 64) : undefined;
};

/** An operation another program of ours passed on keeps the name it has there. */
const requestOf = (ctx: ApiContext, input: unknown): string => {
  const passedOn = ctx.caller.kind === 'socket' ? given(input, 'request') : undefined;
  return passedOn !== undefined && /^req_[a-z2-7]{16}$/.test(passedOn)
    ? passedOn
    : (ctx.request ?? newRequestId());
};

/**
 * Gives every operation its name, bounds how many a connection has under way, makes one kind of error of all failures,
 * and tells the log when it is over: for a subscription that is when nobody reads it any more.
 */
export const observeOperation = trpc.middleware(async ({ ctx, path, type, getRawInput, next }) => {
  const leave = ctx.connection.enter();
  if (leave === undefined) throw trpcErrorOf(new AcpError('too_many_requests'));
  const startedMs = performance.now();
  let request = '';
  let proxy: string | undefined;
  const over = (error?: TRPCError): void => {
    leave();
    ctx.operations?.record({
      request,
      path,
      kind: type,
      caller: ctx.caller.kind,
      status: error === undefined ? 200 : getHTTPStatusCodeFromError(error),
      ...(error === undefined ? {} : { code: errorWords(error).code }),
      durationMs: performance.now() - startedMs,
      ...(proxy === undefined ? {} : { proxy }),
    });
  };
  try {
    const input = await getRawInput();
    proxy = given(input, 'proxy');
    request = requestOf(ctx, input);
  } catch (error) {
    leave();
    throw error;
  }
  const result = await next({ ctx: { request } });
  if (!result.ok) {
    if (result.error.cause instanceof AcpError) result.error = trpcErrorOf(result.error.cause);
    over(result.error);
  } else if (type === 'subscription' && isStream(result.data)) {
    result.data = untilRead(result.data, over);
  } else {
    over();
  }
  return result;
});

/** The same stream; `over` is called when it has ended, for whatever reason. */
async function* untilRead(
  source: AsyncIterable<unknown>,
  over: (error?: TRPCError) => void,
): AsyncGenerator<unknown> {
  let failure: TRPCError | undefined;
  try {
    yield* source;
  } catch (error) {
    failure = error instanceof AcpError ? trpcErrorOf(error) : getTRPCErrorFromUnknown(error);
    throw failure;
  } finally {
    over(failure);
  }
}
