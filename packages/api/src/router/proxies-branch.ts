import { AcpError } from '@mcp-acp/shared/errors';
import { proxyNameSchema } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';
import { operatorProcedure } from '../access/builders.ts';
import { trpc } from '../access/trpc.ts';
import { type Reloaded, reloadedSchema } from '../ports/instance.ts';
import { proxySeenSchema, totalsSchema } from '../ports/proxies.ts';

const reloadedOrNotSchema = z.object({
  proxy: z.string(),
  instance: z.string(),
  reloaded: reloadedSchema.optional(),
  problem: z.string().optional(),
});

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
    .output(z.array(reloadedOrNotSchema))
    .mutation(({ ctx, input }) => {
      const targets = ctx.manager.proxies
        .connected()
        .filter(({ proxy }) => input.proxy === undefined || proxy === input.proxy);
      return Promise.all(
        targets.map(async (target) => {
          if (ctx.live.at === 'here') throw new AcpError('internal');
          try {
            const reloaded = await ctx.live.forward({
              path: 'proxy.reload',
              kind: 'mutation',
              input: { ...target, request: ctx.request },
              ...target,
              signal: undefined,
            });
            return { ...target, reloaded: reloaded as Reloaded };
          } catch (error) {
            return { ...target, problem: error instanceof Error ? error.message : String(error) };
          }
        }),
      );
    }),
});
