import { proxyNameSchema } from '@mcp-acp/shared/live/instance-status';
import { liveEventTypeSchema } from '@mcp-acp/shared/live/live-event';
import * as z from 'zod';
import { operatorProcedure } from '../access/builders.ts';
import { trackEvents, trackedEvents } from '../access/tracked-events.ts';
import { trpc } from '../access/trpc.ts';
import { untilAborted } from './until-aborted.ts';

export const eventsBranch = trpc.router({
  /** What happens, of all proxies or of one, from now on or from behind an event already seen. */
  live: operatorProcedure
    .input(
      z.object({
        proxy: proxyNameSchema.optional(),
        types: z.array(liveEventTypeSchema).max(64).optional(),
        lastEventId: z.string().max(128).nullish(),
        /** A person stands behind the reader and can answer what is asked. A page is one by itself. */
        canAnswer: z.boolean().optional(),
      }),
    )
    .output(trackedEvents)
    .subscription(({ ctx, input, signal }) => {
      const { lastEventId, canAnswer = false, ...filter } = input;
      const reader = { lastEventId: lastEventId ?? undefined, canAnswer };
      const source = ctx.manager.events.subscribe(filter, reader, untilAborted(signal));
      return trackEvents(source, ctx.connection);
    }),
});
