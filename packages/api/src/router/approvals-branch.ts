import * as z from 'zod';
import { operatorProcedure } from '../access/builders.ts';
import { trpc } from '../access/trpc.ts';
import { allGrantsSchema, allPendingSchema } from '../ports/approvals.ts';

/** What waits for a person, in all instances. A single question is asked for and answered on the branch `proxy`. */
export const approvalsBranch = trpc.router({
  pending: operatorProcedure
    .input(z.void())
    .output(allPendingSchema)
    .query(({ ctx }) => ctx.manager.approvals.pending()),

  grants: operatorProcedure
    .input(z.void())
    .output(allGrantsSchema)
    .query(({ ctx }) => ctx.manager.approvals.grants()),
});
