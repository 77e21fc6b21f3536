import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { Guard } from '../verdict.ts';

/** Denies every access request while the proxy is halted. First in the list, its reason is the one that is told. */
export const haltGuard = (halted: () => ErrorCode | undefined): Guard => ({
  name: 'halt',
  counts: false,
  judge: () => {
    const reason = halted();
    return reason === undefined ? undefined : { effect: 'deny', reason };
  },
});
