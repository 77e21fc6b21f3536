import { AcpError } from '@mcp-acp/shared/errors';
import * as z from 'zod';
import { proxyProcedure } from '../access/builders.ts';
import { trpcErrorOf } from '../access/error-shape.ts';
import { streamOf } from '../access/tracked-events.ts';
import { trpc } from '../access/trpc.ts';
import { joinMessageSchema, joinRequestSchema } from '../ports/registry.ts';
import { commonVersion, type ProtocolRange, protocolVersions } from '../protocol-version.ts';
import { untilAborted } from './until-aborted.ts';

/** All that is asked of a proxy of any version; who it is is told where it says so in a way that is understood. */
const anyVersionSchema = z.object({
  protocol: joinRequestSchema.shape.protocol,
  status: z
    .object({ name: joinRequestSchema.shape.status.shape.name, program: z.string().max(64) })
    .optional()
    .catch(undefined),
});

export const registryBranch = trpc.router({
  /** An instance is connected for as long as it reads this. */
  join: proxyProcedure
    .meta({ errors: ['protocol_incompatible'] })
    .input(anyVersionSchema)
    .use(({ input, next }) => {
      // Before the rest is looked at, the shape of which is a matter of the version.
      const agreed = commonVersion(protocolVersions, input.protocol);
      if (agreed === undefined) throw trpcErrorOf(incompatible(input));
      return next({ ctx: { agreed } });
    })
    .input(joinRequestSchema)
    .output(streamOf(joinMessageSchema))
    .subscription(({ ctx, input, signal }) =>
      ctx.manager.registry.join(input, ctx.agreed, untilAborted(signal)),
    ),
});

function incompatible({ protocol, status }: z.infer<typeof anyVersionSchema>): AcpError {
  const range = ({ least, most }: ProtocolRange): string =>
    least === most ? String(least) : `${least} to ${most}`;
  const proxy = status === undefined ? 'a proxy' : `the proxy "${status.name}" (mcp-acp ${status.program})`;
  return new AcpError(
    'protocol_incompatible',
    `The manager speaks version ${range(protocolVersions)} of the API, ${proxy} ${range(protocol)}.`,
    { fix: 'Restart the older of the two: mcp-acp manager stop, or the MCP client.' },
  );
}
