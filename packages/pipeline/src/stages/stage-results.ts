import type { RequestMessage } from '@mcp-acp/mcp/message';
import type { SessionState } from '@mcp-acp/mcp/session';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { Disposition, MessageClass, Sender } from '@mcp-acp/shared/journal-record';
import type { ApprovalChannel } from '@mcp-acp/shared/live/approval';
import type { Subject } from '@mcp-acp/shared/subject';
import type { Exchange, Yes } from '../in-flight.ts';
import type { Access, Verdict } from '../verdict.ts';

/**
 * What each stage of the spine hands to the next. A stage takes the result of the stage before it and nothing else, so
 * calling them out of order does not compile.
 */

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

/** What is asked for, in canonical names. Nothing after this stage reads names from the message again. */
export interface Classified {
  readonly identified: Identified;
  readonly class: Extract<MessageClass, 'discovery' | 'access'>;
  /** What the guards judge. Present for every access request that names what it asks for. */
  readonly access: Access | undefined;
  /** Set where an access request lacks what a decision needs. */
  readonly problem: string | undefined;
}

/** An exchange with everything the guards said about it. Discovery is allowed and carries no verdict. */
export interface Decided {
  readonly classified: Classified;
  readonly verdict: Verdict | undefined;
  /** From the request's last byte until all guards had spoken. Milliseconds. */
  readonly evalMs: number;
}

/** Who or what answered where a rule asked. */
export interface AnsweredBy {
  readonly approval?: string | undefined;
  readonly channel?: ApprovalChannel | undefined;
  readonly grant?: string | undefined;
  /** For the rounds of this call that follow. */
  readonly yes?: Yes | undefined;
}

/** An exchange that may go on. */
export interface Permitted {
  readonly kind: 'permitted';
  readonly decided: Decided;
  /** How long a person took. Milliseconds. */
  readonly waitMs: number;
  readonly by?: AnsweredBy;
}

/** An exchange that ends here, and how the journal calls that. */
export interface Refused {
  readonly kind: 'refused';
  readonly decided: Decided;
  readonly waitMs: number;
  readonly reason: ErrorCode;
  readonly disposition: Extract<
    Disposition,
    'denied' | 'unanswered' | 'limited' | 'malformed' | 'cancelled' | 'failed'
  >;
  readonly by?: AnsweredBy;
  /** More about this case, for whoever asked. */
  readonly detail?: string | undefined;
}

export type Approval = Permitted | Refused;

/** Goes on with what was permitted or refused: at once, or when a person has answered. */
export type Proceed = (approval: Approval) => 'released' | 'refused';

/** An exchange whose intent is in the journal's hands. Durable before an access request leaves. */
export interface Recorded {
  readonly permitted: Permitted;
  readonly exchange: Exchange;
  readonly durable: boolean;
}
