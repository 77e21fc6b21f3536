import { AcpError } from '@mcp-acp/shared/errors';
import { proxyNameSchema } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';
import { operatorProcedure } from '../access/builders.ts';
import { streamOf } from '../access/tracked-events.ts';
import { trpc } from '../access/trpc.ts';
import {
  historyStateSchema,
  incidentPageSchema,
  incidentQuerySchema,
  incidentsReadSchema,
  lastApprovedSchema,
  rebuildProgressSchema,
  recordDetailSchema,
  recordPageSchema,
  recordQuerySchema,
  recordRefSchema,
  ruleHitsSchema,
  seriesPointSchema,
  seriesQuerySchema,
} from '../ports/history.ts';
import { untilAborted } from './until-aborted.ts';

/** The searchable past of all proxies. */
export const historyBranch = trpc.router({
  records: operatorProcedure
    .meta({ errors: ['history_unavailable'] })
    .input(recordQuerySchema)
    .output(recordPageSchema)
    .query(({ ctx, input }) => ctx.manager.history.records(input)),

  record: operatorProcedure
    .meta({ errors: ['history_unavailable', 'not_found'] })
    .input(recordRefSchema)
    .output(recordDetailSchema)
    .query(async ({ ctx, input }) => {
      const found = await ctx.manager.history.record(input);
      if (found !== undefined) return found;
      throw new AcpError('not_found', `There is no record ${input.seq} of ${input.instance} in the history.`);
    }),

  incidents: operatorProcedure
    .meta({ errors: ['history_unavailable'] })
    .input(incidentQuerySchema)
    .output(incidentPageSchema)
    .query(({ ctx, input }) => ctx.manager.history.incidents(input)),

  readIncidents: operatorProcedure
    .meta({ errors: ['history_unavailable'] })
    .input(incidentsReadSchema)
    .output(z.object({ read: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.manager.history.readIncidents(input);
      return { read: true as const };
    }),

  ruleHits: operatorProcedure
    .meta({ errors: ['history_unavailable'] })
    .input(z.object({ proxy: proxyNameSchema, since: z.number().int() }))
    .output(z.array(ruleHitsSchema))
    .query(async ({ ctx, input }) => [...(await ctx.manager.history.ruleHits(input))]),

  lastApproved: operatorProcedure
    .meta({ errors: ['history_unavailable'] })
    .input(z.object({ proxy: proxyNameSchema, tool: z.string().max(256) }))
    .output(lastApprovedSchema.nullable())
    .query(async ({ ctx, input }) => (await ctx.manager.history.lastApproved(input)) ?? null),

  series: operatorProcedure
    .meta({ errors: ['history_unavailable'] })
    .input(seriesQuerySchema)
    .output(z.array(seriesPointSchema))
    .query(async ({ ctx, input }) => [...(await ctx.manager.history.series(input))]),

  state: operatorProcedure
    .input(z.void())
    .output(historyStateSchema)
    .query(({ ctx }) => ctx.manager.history.state()),

  /** Makes the history anew from the journals and tells how far it is. */
  rebuild: operatorProcedure
    .meta({ only: 'socket', errors: ['history_unavailable'] })
    .input(z.void())
    .output(streamOf(rebuildProgressSchema))
    .subscription(({ ctx, signal }) => ctx.manager.history.rebuild(untilAborted(signal))),
});
