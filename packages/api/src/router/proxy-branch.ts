import {
  answeredSchema,
  approvalAnswerSchema,
  approvalCardSchema,
  approvalIdSchema,
  approvalListSchema,
  argumentsPage,
  grantIdSchema,
  grantSchema,
} from '@mcp-acp/shared/live/approval';
import { instanceStatusSchema } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';
import { liveProcedure } from '../access/builders.ts';
import { trackEvents, trackedEvents } from '../access/tracked-events.ts';
import { trpc } from '../access/trpc.ts';
import { reloadedSchema, runningConfigSchema } from '../ports/instance.ts';
import { untilAborted } from './until-aborted.ts';

/** The live state of one running instance. Every proxy serves this branch itself; the manager passes it on. */
export const proxyBranch = trpc.router({
  status: liveProcedure.output(instanceStatusSchema).query(({ ctx }) => ctx.instance.status()),

  reload: liveProcedure.output(reloadedSchema).mutation(({ ctx }) => ctx.instance.reload(ctx.request)),

  events: liveProcedure
    .input(
      z.object({
        lastEventId: z.string().max(128).nullish(),
        /** A person stands behind the reader and can answer what is asked. */
        canAnswer: z.boolean().optional(),
      }),
    )
    .output(trackedEvents)
    .subscription(({ ctx, input, signal }) => {
      const reader = { lastEventId: input.lastEventId ?? undefined, canAnswer: input.canAnswer ?? false };
      return trackEvents(ctx.instance.events(reader, untilAborted(signal)), ctx.connection);
    }),

  config: liveProcedure.output(runningConfigSchema).query(({ ctx }) => ctx.instance.config()),

  /** What waits for a person in this instance, oldest first. */
  approvals: liveProcedure.output(approvalListSchema).query(({ ctx }) => ctx.instance.approvals.list()),

  approval: liveProcedure
    .meta({ errors: ['not_found'] })
    .input(z.object({ approval: approvalIdSchema }))
    .output(approvalCardSchema)
    .query(({ ctx, input }) => ctx.instance.approvals.card(input.approval)),

  /** More of a question's arguments, where they are longer than a card shows. */
  approvalArguments: liveProcedure
    .meta({ errors: ['not_found'] })
    .input(z.object({ approval: approvalIdSchema, offset: z.number().int().nonnegative() }))
    .output(z.object({ text: z.string().max(argumentsPage) }))
    .query(({ ctx, input }) => ({ text: ctx.instance.approvals.arguments(input.approval, input.offset) })),

  /** The first answer wins; who comes later is told what it was. */
  answer: liveProcedure
    .meta({ errors: ['not_found', 'approval_changed', 'channel_refused', 'reach_refused'] })
    .input(approvalAnswerSchema)
    .output(answeredSchema)
    .mutation(({ ctx, input }) => ctx.instance.approvals.answer(input, ctx.channel)),

  denyAll: liveProcedure
    .input(
      z.object({ approvals: z.array(approvalIdSchema).max(4096), reason: z.string().max(512).optional() }),
    )
    .output(z.object({ denied: z.number().int() }))
    .mutation(({ ctx, input }) => ({
      denied: ctx.instance.approvals.denyAll(input.approvals, ctx.channel, input.reason),
    })),

  grants: liveProcedure.output(z.array(grantSchema)).query(({ ctx }) => [...ctx.instance.approvals.grants()]),

  revokeGrant: liveProcedure
    .input(z.object({ grant: grantIdSchema }))
    .output(z.object({ revoked: z.boolean() }))
    .mutation(({ ctx, input }) => ({ revoked: ctx.instance.approvals.revoke(input.grant, ctx.channel) })),

  /** Refuses what would be asked about a tool, for a while, without asking. It ends like a grant. */
  mute: liveProcedure
    .input(
      z.object({
        tool: z.string().min(1).max(1024),
        forMs: z.number().int().min(1_000).max(86_400_000),
        reason: z.string().max(512).optional(),
      }),
    )
    .output(grantSchema)
    .mutation(({ ctx, input }) => ctx.instance.approvals.mute(input, ctx.channel)),
});
