import * as z from 'zod';
import { operatorProcedure } from '../access/builders.ts';
import { trpc } from '../access/trpc.ts';
import { managerStatusSchema } from '../ports/manager-process.ts';

/** The manager's own process. */
export const managerBranch = trpc.router({
  status: operatorProcedure
    .input(z.void())
    .output(managerStatusSchema)
    .query(({ ctx }) => ctx.manager.process.status()),

  stop: operatorProcedure
    .meta({ only: 'socket' })
    .input(z.void())
    .output(z.object({ stopping: z.literal(true) }))
    .mutation(({ ctx }) => {
      ctx.manager.process.stop('asked');
      return { stopping: true as const };
    }),
});
