import { proxyNameSchema } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';
import { operatorProcedure } from '../access/builders.ts';
import { trpc } from '../access/trpc.ts';
import { proxySeenSchema, totalsSchema } from '../ports/proxies.ts';
import { askedToReloadSchema } from '../ports/reload.ts';

/** The read model of all proxies, running or not. */
export const proxiesBranch = trpc.router({
  list: operatorProcedure
    .input(z.void())
    .output(z.array(proxySeenSchema))
    .query(({ ctx }) => [...ctx.manager.proxies.list()]),

  get: operatorProcedure
    .meta({ errors: ['proxy_unknown'] })
    .input(z.object({ proxy: proxyNameSchema }))
    .output(proxySeenSchema)
    .query(({ ctx, input }) => ctx.manager.proxies.get(input.proxy)),

  totals: operatorProcedure
    .input(z.void())
    .output(totalsSchema)
    .query(({ ctx }) => ctx.manager.proxies.totals()),

  /** Asks every running instance, of one proxy or of all, to read policy and configuration again. */
  reloadAll: operatorProcedure
    .input(z.object({ proxy: proxyNameSchema.optional() }))
    .output(z.array(askedToReloadSchema))
    .mutation(async ({ ctx, input }) => [...(await ctx.manager.reload(input.proxy, ctx.request))]),
});
