import type { Effect } from './effect.ts';
import type { ErrorCode } from './errors.ts';
import type { InstanceId, ProxyId } from './ids.ts';

/**
 * The records of a proxy's journal. On disk a record is one line of canonical JSON whose members are those of
 * {@link RecordEnvelope} and of one {@link RecordBody}, all in one object, followed by `hash`.
 * Text that comes from a client or a backend is cut to `limits.quotedText` characters.
 */
export interface RecordEnvelope {
  /** Position in its stream, from 1. */
  readonly seq: number;
  /** Wall time, RFC 3339 in UTC with milliseconds. May go backwards: the clock is not ours. */
  readonly time: string;
  readonly proxyId: ProxyId;
  readonly proxyName: string;
  readonly instance: InstanceId;
  /** The hash of the record before it; of the ledger's opening entry for the first. 64 lower-case hex digits. */
  readonly prev: string;
  /** SHA-256 over the tag, the log id, `prev` and the exact bytes of the line before `,"hash"`. */
  readonly hash: string;
}

/** What became of a message. `forwarded` is the intent, written before the other side sees a byte. */
export type Disposition =
  | 'forwarded'
  | 'observed'
  | 'denied'
  | 'unanswered'
  | 'cancelled'
  | 'limited'
  | 'malformed'
  | 'failed';

export type MessageClass = 'discovery' | 'access' | 'notification' | 'response' | 'unreadable';

/** Who sent a message: the MCP client (the agent's side) or the MCP server (the backend). */
export type Sender = 'client' | 'server';

/** A rule whose conditions all held, and which facts made each hold: names of conditions, never argument values. */
export interface MatchedRule {
  readonly rule: string;
  readonly effect: Effect;
  readonly conditions: readonly string[];
}

/** What the policy saw, without argument values: those are in the payload store, bound by {@link DecisionBody.payload}. */
export interface RecordedFacts {
  readonly operations?: readonly string[];
  readonly sideEffects?: readonly string[];
  /** How many paths and URIs were judged: whole values, and tokens inside longer text. */
  readonly operands?: number;
  readonly mentions?: number;
}

export interface DecisionBody {
  readonly type: 'decision';
  readonly from: Sender;
  readonly class: MessageClass;
  /** The id as JSON text (`1`, `"a"`), absent for notifications and unreadable input. */
  readonly requestId?: string;
  readonly method?: string;
  readonly tool?: string;
  readonly prompt?: string;
  /** The URI of a resource request without user info, query and fragment. */
  readonly resource?: string;
  /** SHA-256 of the tool's definition as last listed, `never seen` before that. */
  readonly toolDigest?: string;
  readonly client?: string;
  readonly clientVersion?: string;
  /** The revision in force when the message came. */
  readonly revision?: string;
  readonly subject: string;
  readonly facts?: RecordedFacts;
  readonly matched?: readonly MatchedRule[];
  readonly decidedBy?: string;
  readonly policyVersion?: string;
  /** What the policy said; absent where it was not asked. */
  readonly effect?: Effect;
  readonly disposition: Disposition;
  /** Why, where it was not forwarded. */
  readonly reason?: ErrorCode;
  /** The decision this one continues: the first round of a call answered with `input_required`. */
  readonly continues?: number;
  /** Bytes of the message on the wire, its newline excluded. */
  readonly size: number;
  /** Milliseconds, to the microsecond. */
  readonly evalMs?: number;
  /** How long a person took. */
  readonly waitMs?: number;
  /** The question a person answered for this call, and by which way; or the grant that let it through or refused it. */
  readonly approval?: string;
  readonly channel?: string;
  readonly grant?: string;
  /** Salted SHA-256 of the payload store's entry; its salt lies with the payload. */
  readonly payload?: string;
  /** The client's trace, as its `_meta` names it: the 55 characters of a W3C `traceparent`. */
  readonly trace?: string;
}

export type OutcomeStatus =
  | 'ok'
  | 'tool_error'
  | 'error'
  | 'input_required'
  | 'cancelled'
  | 'timed_out'
  | 'backend_exited'
  | 'connection_lost'
  | 'unreadable'
  | 'withheld'
  | 'not_sent';

export interface OutcomeBody {
  readonly type: 'outcome';
  /** The `seq` of the decision it belongs to. */
  readonly decision: number;
  readonly status: OutcomeStatus;
  readonly requestId?: string;
  readonly method?: string;
  readonly tool?: string;
  readonly reason?: ErrorCode;
  /** True where the client had cancelled before the answer came. */
  readonly cancelled?: boolean;
  /** Progress notifications that came with the call. */
  readonly progress?: number;
  /** Bytes of the answer on the wire and SHA-256 of exactly those bytes. */
  readonly size?: number;
  readonly digest?: string;
  /** From the last byte of the request until the answer was ready to leave. Milliseconds, to the microsecond. */
  readonly durationMs: number;
  /** From handing the request to the backend until its answer had come. */
  readonly backendMs?: number;
}

export interface SessionBody {
  readonly type: 'session';
  readonly event: 'opened' | 'identified' | 'backend' | 'renewed' | 'tools_listed' | 'closed';
  /** `opened`: version of the journal's format, of the program, its process id and the backend's id and kind. */
  readonly format?: number;
  readonly program?: string;
  readonly pid?: number;
  readonly backend?: string;
  /** `opened`: the folder relative paths start from. */
  readonly cwd?: string;
  readonly subject?: string;
  readonly policyVersion?: string;
  readonly configVersion?: string;
  /** `identified`: who the client said it is and what was negotiated. */
  readonly client?: string;
  readonly clientVersion?: string;
  readonly server?: string;
  readonly serverVersion?: string;
  readonly revision?: string;
  readonly era?: 'stateful' | 'stateless';
  /** `backend`: whether an HTTP backend can be reached, and why not. `renewed`: its session was opened again;
   * `tools_listed`: its list of tools was asked for by the proxy itself. Those two have no members. */
  readonly state?: 'connecting' | 'connected' | 'reconnecting' | 'failed';
  readonly error?: string;
  /** `closed`: why, in one word, and the backend's exit. */
  readonly reason?: string;
  readonly backendExit?: string;
}

export interface ChangeBody {
  readonly type: 'config' | 'policy';
  readonly event: 'loaded' | 'rejected' | 'held' | 'confirmed';
  /** SHA-256 of the file's bytes. */
  readonly version: string;
  readonly previous?: string;
  /** Ids of rules, or names of settings, that differ. */
  readonly changed?: readonly string[];
  readonly loosening?: boolean;
  readonly problem?: string;
  /** Id of the API's request that caused it. */
  readonly request?: string;
}

/**
 * What was asked of a person, and what became of it. `asked` comes before the question can be seen; how it ended is on
 * record before the call it let through leaves. What was answered stands in the decision too.
 */
export interface ApprovalBody {
  readonly type: 'approval';
  readonly event:
    | 'asked'
    /** The call was told to try again; the question stays. */
    | 'open'
    | 'approved'
    | 'denied'
    | 'expired'
    | 'withdrawn'
    | 'policy_allowed'
    | 'policy_denied'
    | 'superseded'
    | 'joined'
    | 'grant_made'
    | 'grant_ended';
  /** `appr_…`; of a grant, the question whose answer made it. */
  readonly approval?: string;
  /** SHA-256 over all that was asked for. Holds argument values, so it is salted with a secret of the instance's memory. */
  readonly binding?: string;
  readonly requestId?: string;
  readonly method?: string;
  readonly tool?: string;
  readonly prompt?: string;
  readonly client?: string;
  /** The rule that asked. */
  readonly decidedBy?: string;
  readonly policyVersion?: string;
  readonly channel?: string;
  /** Who answered, as far as the way they came tells. */
  readonly by?: string;
  /** Why: a person's words, or why a grant ended. */
  readonly detail?: string;
  /** `grnt_…` with its reach. */
  readonly grant?: string;
  readonly effect?: 'allow' | 'deny';
  readonly scope?: 'call' | 'exact' | 'path' | 'tool';
  readonly forMs?: number;
  readonly mostUses?: number;
  readonly used?: number;
  /** Of `asked`: calls that asked the same so far. */
  readonly attempts?: number;
}

export interface ToolBody {
  readonly type: 'tool';
  readonly event: 'seen' | 'changed';
  readonly tool: string;
  readonly digest: string;
  readonly previous?: string;
}

export interface RecoveredBody {
  readonly type: 'recovered';
  /** What was cut from this stream's end after a crash. */
  readonly cutBytes: number;
  readonly cutHash: string;
  /** The instance that healed it. */
  readonly by: InstanceId;
}

export interface IncidentBody {
  readonly type: 'incident';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly count?: number;
}

export type RecordBody =
  | DecisionBody
  | OutcomeBody
  | SessionBody
  | ChangeBody
  | ApprovalBody
  | ToolBody
  | RecoveredBody
  | IncidentBody;

export type RecordType = RecordBody['type'];

/** A record as read back. */
export type JournalRecord = RecordEnvelope & RecordBody;
