import { AcpError, type ErrorCode } from '@mcp-acp/shared/errors';
import { proxyNameSchema } from '@mcp-acp/shared/live/instance-status';
import { type MiddlewareResult, middlewareMarker } from '@trpc/server/unstable-core-do-not-import';
import * as z from 'zod';
import type { ApiContext } from '../context.ts';
import type { InstancePort } from '../ports/instance.ts';
import { asTaken, isStream } from './as-taken.ts';
import { trpcErrorOf } from './error-shape.ts';
import { observeOperation } from './observe-operation.ts';
import { trpc } from './trpc.ts';

const base = trpc.procedure.use(observeOperation);

const inManager = ({ manager }: ApiContext) => {
  // A proxy serves the branch of its live state alone.
  if (manager === undefined) throw trpcErrorOf(new AcpError('not_found'));
  return { manager };
};

const refuse = (code: 'locked' | 'not_permitted', fix: string): never => {
  throw trpcErrorOf(new AcpError(code, undefined, { fix }));
};

const operator = base.use(({ ctx, meta, next }) => {
  if (ctx.caller.kind === 'anonymous') refuse('locked', 'Unlock it: mcp-acp manager open');
  if (meta?.only === 'socket' && ctx.caller.kind !== 'socket')
    refuse('not_permitted', 'Use the command line: mcp-acp --help');
  return next();
});

/** Anyone may call it, a page that is locked included: it tells and changes nothing but whether the caller is locked. */
export const publicProcedure = base.use(({ ctx, next }) => next({ ctx: inManager(ctx) }));

/** The person: an unlocked page, or a program of theirs on a socket. */
export const operatorProcedure = operator.use(({ ctx, next }) => next({ ctx: inManager(ctx) }));

/** A proxy's own process. Pages are not it. */
export const proxyProcedure = base.use(({ ctx, next }) => {
  if (ctx.caller.kind === 'anonymous') refuse('locked', 'Unlock it: mcp-acp manager open');
  if (ctx.caller.kind !== 'socket') refuse('not_permitted', 'Only a proxy joins.');
  return next({ ctx: inManager(ctx) });
});

/** Whose live state; without an instance, the only one that runs. `request` names the operation in the instance's records. */
const targetSchema = z.object({
  proxy: proxyNameSchema,
  instance: z.string().max(32).optional(),
  request: z.string().max(32).optional(),
  /** By which way a person's answer came: the manager says it, as it knows its door. */
  channel: z.enum(['dashboard', 'cli']).optional(),
});

/** What an operation on live state is refused with besides what its builder refuses. */
const liveErrors = [
  'proxy_unknown',
  'proxy_disconnected',
  'proxy_unanswering',
  'instance_ambiguous',
] as const satisfies readonly ErrorCode[];

/**
 * The operator, about the live state of one instance. In that instance's process the procedure itself answers; anywhere
 * else the operation goes on to it as it came, so a new procedure needs nothing in between.
 */
export const liveProcedure = operator
  .meta({ errors: liveErrors })
  .input(targetSchema)
  .use(async ({ ctx, input, path, type, signal, getRawInput, next }) => {
    if (ctx.live.at === 'here') {
      ctx.live.check?.(input);
      return next({ ctx: { instance: ctx.live.instance, channel: input.channel ?? 'cli' } });
    }
    const raw = (await getRawInput()) as object;
    const data = await ctx.live.forward({
      path,
      kind: type,
      input: { ...raw, request: ctx.request, channel: ctx.caller.kind === 'page' ? 'dashboard' : 'cli' },
      proxy: input.proxy,
      ...(input.instance === undefined ? {} : { instance: input.instance }),
      signal,
    });
    // The instance has checked input and output; its answer takes the place of what would have been said here.
    const answer: MiddlewareResult<{ instance: InstancePort; channel: 'dashboard' | 'cli' }> = {
      marker: middlewareMarker,
      ok: true,
      data: isStream(data) ? asTaken(data, ctx.connection) : data,
    };
    return answer;
  });
