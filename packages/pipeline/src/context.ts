import type { Journal } from '@mcp-acp/audit/journal';
import type { PayloadStore } from '@mcp-acp/audit/payload-store';
import type { ResponseMessage } from '@mcp-acp/mcp/message';
import type { Session } from '@mcp-acp/mcp/session';
import type { PathResolver } from '@mcp-acp/policy/facts';
import type { Clock } from '@mcp-acp/shared/clock';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { Sender } from '@mcp-acp/shared/journal-record';
import type { SubjectSource } from '@mcp-acp/shared/subject';
import type { ApprovalDesk } from './approvals/approval-desk.ts';
import type { FloodGate } from './flood-gate.ts';
import type { PolicySource } from './guards/policy-guard.ts';
import type { HeldRequests } from './held-requests.ts';
import type { Exchange, InFlight } from './in-flight.ts';
import type { Outbox } from './outbox.ts';
import type { PayloadMode } from './payload.ts';
import type { Rounds } from './rounds.ts';
import type { ToolIndex } from './tool-index.ts';
import type { Guard } from './verdict.ts';

export interface BackendFailure {
  readonly code: ErrorCode;
  /** What happened, as a sentence without its full stop. */
  readonly detail: string;
}

/** What one peer has sent and what is on its way to it. */
export interface Side {
  /** Requests this peer sent and waits for. */
  readonly inFlight: InFlight;
  /** Its requests that wait for a person. */
  readonly held: HeldRequests;
  /** Messages on their way to this peer. */
  readonly outbox: Outbox;
}

/** A look at a result before it is recorded and delivered. False withholds it. */
export type ResultFilter = (
  context: EnforcementContext,
  exchange: Exchange,
  answer: ResponseMessage,
) => boolean;

/** Everything the stages of an exchange work with. Each is a port or a value; a stage keeps nothing of its own. */
export interface EnforcementContext {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly payloads: PayloadStore;
  readonly payloadMode: PayloadMode;
  readonly subjects: SubjectSource;
  readonly session: Session;
  readonly policies: PolicySource;
  readonly paths: PathResolver;
  readonly guards: readonly Guard[];
  readonly filters: readonly ResultFilter[];
  readonly approvals: ApprovalDesk;
  readonly tools: ToolIndex;
  readonly rounds: Rounds;
  /** Keeps a peer that sends nonsense from filling the journal with it. */
  readonly nonsense: FloodGate;
  readonly backend: { readonly id: string; readonly kind: 'stdio' | 'http' };
  /** Why nothing reaches the backend any more, once that is so. */
  readonly backendFailure: () => BackendFailure | undefined;
  /** Why no request passes at present, access or discovery; undefined while they may. */
  readonly halted: () => ErrorCode | undefined;
  readonly sides: Readonly<Record<Sender, Side>>;
}

export const otherSide = (sender: Sender): Sender => (sender === 'client' ? 'server' : 'client');
