import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import type { TRPCError } from '@trpc/server';

/** Whether an error belongs into our log: it is no refusal, and the other side has neither gone away nor broken the protocol. */
export function isOurFault({ code, cause }: TRPCError): boolean {
  if (code !== 'INTERNAL_SERVER_ERROR' || cause instanceof AcpError) return false;
  return !/^(?:WS_ERR_|ECONN|EPIPE)/.test(systemErrorCode(cause) ?? '');
}
