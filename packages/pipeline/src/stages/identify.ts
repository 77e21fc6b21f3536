import type { RequestMessage } from '@mcp-acp/mcp/message';
import type { SessionState } from '@mcp-acp/mcp/session';
import type { Sender } from '@mcp-acp/shared/journal-record';
import type { Subject } from '@mcp-acp/shared/subject';
import type { EnforcementContext } from '../context.ts';

/** A request that passed the strict check. */
export interface Received {
  readonly message: RequestMessage;
  readonly from: Sender;
  /** When its last byte had come, on the monotonic clock. Milliseconds. */
  readonly receivedMs: number;
}

/** … and on whose behalf it came. */
export interface Identified {
  readonly received: Received;
  readonly subject: Subject;
  readonly session: SessionState;
}

export const identify = (context: EnforcementContext, received: Received): Identified => ({
  received,
  subject: context.subjects.current(),
  session: context.session.state(),
});
