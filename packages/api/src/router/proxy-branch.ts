import { instanceStatusSchema } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';
import { liveProcedure } from '../access/builders.ts';
import { trackEvents, trackedEvents } from '../access/tracked-events.ts';
import { trpc } from '../access/trpc.ts';
import { reloadedSchema } from '../ports/instance.ts';
import { untilAborted } from './until-aborted.ts';

/** The live state of one running instance. Every proxy serves this branch itself; the manager passes it on. */
export const proxyBranch = trpc.router({
  status: liveProcedure.output(instanceStatusSchema).query(({ ctx }) => ctx.instance.status()),

  reload: liveProcedure.output(reloadedSchema).mutation(({ ctx }) => ctx.instance.reload(ctx.request)),

  events: liveProcedure
    .input(z.object({ lastEventId: z.string().max(128).nullish() }))
    .output(trackedEvents)
    .subscription(({ ctx, input, signal }) =>
      trackEvents(ctx.instance.events(input.lastEventId ?? undefined, untilAborted(signal)), ctx.connection),
    ),
});
