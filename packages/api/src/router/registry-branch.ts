import { proxyProcedure } from '../access/builders.ts';
import { streamOf } from '../access/tracked-events.ts';
import { trpc } from '../access/trpc.ts';
import { joinMessageSchema, joinRequestSchema } from '../ports/registry.ts';
import { untilAborted } from './until-aborted.ts';

export const registryBranch = trpc.router({
  /** An instance is connected for as long as it reads this. */
  join: proxyProcedure
    .meta({ errors: ['protocol_incompatible'] })
    .input(joinRequestSchema)
    .output(streamOf(joinMessageSchema))
    .subscription(({ ctx, input, signal }) => ctx.manager.registry.join(input, untilAborted(signal))),
});
