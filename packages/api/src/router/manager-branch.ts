import * as z from 'zod';
import { operatorProcedure } from '../access/builders.ts';
import { trpc } from '../access/trpc.ts';
import { managerStatusSchema, storageSchema } from '../ports/manager-process.ts';

/** The manager's own process. */
export const managerBranch = trpc.router({
  status: operatorProcedure
    .input(z.void())
    .output(managerStatusSchema)
    .query(({ ctx }) => ctx.manager.process.status()),

  /** What `/metrics` answers, for who can reach the socket and needs no token. */
  metrics: operatorProcedure
    .input(z.void())
    .output(z.object({ text: z.string() }))
    .query(async ({ ctx }) => ({ text: await ctx.manager.metrics() })),

  storage: operatorProcedure
    .input(z.void())
    .output(storageSchema)
    .query(({ ctx }) => ctx.manager.storage()),

  stop: operatorProcedure
    .meta({ only: 'socket' })
    .input(z.void())
    .output(z.object({ stopping: z.literal(true) }))
    .mutation(({ ctx }) => {
      ctx.manager.process.stop('asked');
      return { stopping: true as const };
    }),
});
