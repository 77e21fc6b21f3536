import type { RequestFailure } from '@mcp-acp/mcp/end';
import type { LineSink } from '@mcp-acp/mcp/framing/line-reader';
import type { IncomingMessage, RequestId } from '@mcp-acp/mcp/message';
import { patientMethods } from '@mcp-acp/mcp/patient-methods';
import { checkMessage } from '@mcp-acp/mcp/strict/check-message';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { OutcomeStatus, Sender } from '@mcp-acp/shared/journal-record';
import { limits } from '@mcp-acp/shared/limits';
import { deliverAnswer, endExchange } from './answers/deliver-answer.ts';
import type { ApprovalDesk } from './approvals/approval-desk.ts';
import { createApprovalDesk } from './approvals/desk.ts';
import type { ApprovalOptions } from './approvals/question.ts';
import type { BackendFailure, EnforcementContext } from './context.ts';
import { createFloodGate } from './flood-gate.ts';
import { createHeldRequests } from './held-requests.ts';
import { createInFlight, type Exchange } from './in-flight.ts';
import { acceptBatch } from './input/accept-batch.ts';
import { acceptRequest } from './input/accept-request.ts';
import { refuseInput } from './input/refuse-input.ts';
import { passNotification } from './notifications/pass-notification.ts';
import { passStrayError } from './notifications/pass-stray-error.ts';
import { createOutbox } from './outbox.ts';
import { createRounds } from './rounds.ts';
import { recordEnd } from './stages/record-outcome.ts';
import { createToolIndex } from './tool-index.ts';

/** What the enforcement point is given; the rest of its context it makes itself. */
export type EnforcementOptions = Omit<
  EnforcementContext,
  'sides' | 'tools' | 'rounds' | 'nonsense' | 'backendFailure' | 'approvals'
> & {
  readonly asking: ApprovalOptions;
  /** Sends lines to a peer. */
  readonly transmit: Readonly<Record<Sender, (lines: Buffer[]) => void>>;
  /** How long the backend may be silent on a request before it is answered as timed out; 0 means for ever. */
  readonly callIdleMs: number;
};

/** The policy enforcement point (PEP) between a client and a server: every message passes here, in either direction. */
export interface EnforcementPoint {
  /** Takes the lines a peer sends. */
  readonly from: Readonly<Record<Sender, LineSink>>;
  /** Answers requests that have waited too long. To be called now and then. */
  sweep(): void;
  /** The backend is gone: answers everything that waits for it, now and later. */
  backendGone(failure: BackendFailure): void;
  /** A request of the client gets no answer, though the backend is there. */
  requestFailed(id: RequestId, failure: RequestFailure): void;
  /** The client is gone: records that its requests were not answered. */
  clientGone(): void;
  /** Whether the client has been answered anything yet. */
  hasAnswered(): boolean;
  /** Messages on their way to the server, and requests that may go there once a person has answered. */
  pendingForServer(): number;
  /** What still waits for a person is answered that nobody did: nothing of the client goes to the server from now on. */
  waitNoLonger(): void;
  /** Requests of the client that wait for an answer, and messages on their way to it. */
  pendingForClient(): number;
  counts(): PointCounts;
  /** What waits for a person, and where it is answered. */
  readonly approvals: Omit<ApprovalDesk, 'ask'>;
}

/** What goes on at an enforcement point now. */
export interface PointCounts {
  /** Requests of either side that wait for an answer; questions a person can answer, whether a call waits with them or not. */
  readonly inFlight: number;
  readonly pending: number;
  /** Tools the backend listed last; undefined before it listed any. */
  readonly tools: number | undefined;
}

/** What became of a request that failed on its way, by the reason. */
const failureStatus: Readonly<Partial<Record<ErrorCode, OutcomeStatus>>> = {
  backend_unreachable: 'not_sent',
  tool_headers_invalid: 'not_sent',
  backend_connection_lost: 'connection_lost',
  backend_timeout: 'timed_out',
  backend_unreadable: 'unreadable',
};

export function createEnforcementPoint(options: EnforcementOptions): EnforcementPoint {
  const { journal, transmit, callIdleMs, clock } = options;
  let failure: BackendFailure | undefined;
  let hasAnswered = false;
  const toClient = (lines: Buffer[]): void => {
    hasAnswered = true;
    transmit.client(lines);
  };
  const sideOf = (send: (lines: Buffer[]) => void) => ({
    inFlight: createInFlight(),
    held: createHeldRequests(),
    outbox: createOutbox(journal, send),
  });
  const sides = { client: sideOf(toClient), server: sideOf(transmit.server) };
  const context: { -readonly [Key in keyof EnforcementContext]: EnforcementContext[Key] } = {
    ...options,
    // Made of the context itself, right below.
    approvals: undefined as never,
    sides,
    tools: createToolIndex(),
    rounds: createRounds(),
    nonsense: createFloodGate(),
    backendFailure: () => failure,
  };
  const approvals = createApprovalDesk(context, options.asking);
  context.approvals = approvals;

  journal.listen({
    advanced: () => {
      sides.server.outbox.release();
      sides.client.outbox.release();
    },
    lost: (firstLost) => {
      sides.server.outbox.drop(firstLost, false);
      sides.client.outbox.drop(firstLost, false);
    },
    unsynced: (firstUnsynced) => sides.server.outbox.drop(firstUnsynced, true),
  });

  const endAll = (peer: Sender, end: Parameters<typeof endExchange>[2]): void => {
    sides[peer].held.endAll('ended');
    for (const exchange of sides[peer].inFlight.all()) {
      sides[peer].inFlight.take(exchange.id);
      endExchange(context, exchange, end);
    }
  };

  const sinkFor = (from: Sender): LineSink => ({
    line: (line, message = checkMessage(line)) => take(context, from, message),
    oversize: (size, remains) => {
      const detail = `${size} bytes`;
      refuseInput(context, from, { kind: 'refused', code: 'message_too_large', detail, size, ...remains });
    },
  });

  return {
    from: { client: sinkFor('client'), server: sinkFor('server') },
    sweep: () => {
      const nowMs = clock.monotonicMs();
      // A backend that has asked the client for something may be silent until it is answered, within reason: one that
      // nobody answers would excuse everything for ever.
      const isAsking = sides.server.inFlight
        .all()
        .some(({ cancelled, receivedMs }) => !cancelled && nowMs - receivedMs < limits.questionMs);
      for (const exchange of sides.client.inFlight.all()) {
        if (isAsking && !exchange.cancelled) exchange.lastSignMs = nowMs;
        const maxMs = patienceMs(exchange, callIdleMs);
        if (maxMs === 0 || nowMs - exchange.lastSignMs < maxMs) continue;
        sides.client.inFlight.take(exchange.id);
        const detail = `no sign of life for ${callIdleMs / 1000} s`;
        endExchange(context, exchange, { status: 'timed_out', reason: 'backend_timeout', detail });
      }
      // What the backend asks may take a person long, but what it took back is over.
      for (const exchange of sides.server.inFlight.all()) {
        if (!exchange.cancelled || nowMs - exchange.lastSignMs < limits.cancelledLingerMs) continue;
        sides.server.inFlight.take(exchange.id);
        recordEnd(context, exchange, { status: 'cancelled' });
      }
    },
    backendGone: (reason) => {
      failure ??= reason;
      const status = failureStatus[reason.code] ?? 'backend_exited';
      endAll('client', { status, reason: reason.code, detail: reason.detail });
      sides.server.held.endAll('cancelled');
      approvals.close();
      for (const exchange of sides.server.inFlight.all()) {
        sides.server.inFlight.take(exchange.id);
        recordEnd(context, exchange, { status: 'cancelled', reason: reason.code });
      }
    },
    requestFailed: (id, { code, detail }) => {
      const exchange = sides.client.inFlight.take(id);
      if (exchange === undefined) return;
      endExchange(context, exchange, { status: failureStatus[code] ?? 'error', reason: code, detail });
    },
    clientGone: () => {
      sides.client.held.endAll('cancelled');
      sides.server.held.endAll('cancelled');
      approvals.close();
      for (const exchange of sides.client.inFlight.all()) {
        sides.client.inFlight.take(exchange.id);
        recordEnd(context, exchange, { status: 'cancelled' });
      }
    },
    hasAnswered: () => hasAnswered,
    approvals,
    pendingForServer: () => sides.server.outbox.size() + sides.client.held.size(),
    waitNoLonger: () => sides.client.held.endAll('unanswered'),
    pendingForClient: () =>
      sides.client.inFlight.all().filter(isWaitedFor).length +
      sides.client.held.size() +
      sides.client.outbox.size(),
    counts: () => {
      const held = sides.client.held.size() + sides.server.held.size();
      const inFlight = sides.client.inFlight.size() + sides.server.inFlight.size() + held;
      return { inFlight, pending: approvals.pending(), tools: context.tools.listed() };
    },
  };
}

/** Whether a client that has left its side may still hope for an answer; a listener's comes when it is cancelled. */
const isWaitedFor = ({ cancelled, method }: Exchange): boolean =>
  !cancelled && method !== 'subscriptions/listen';

/** How long an exchange may be silent; 0 for ever. */
function patienceMs({ cancelled, method }: Exchange, callIdleMs: number): number {
  if (cancelled) return limits.cancelledLingerMs;
  return patientMethods.has(method) ? 0 : callIdleMs;
}

function take(context: EnforcementContext, from: Sender, message: IncomingMessage): void {
  switch (message.kind) {
    case 'request':
      return acceptRequest(context, from, message);
    case 'response':
      return deliverAnswer(context, from, message);
    case 'notification':
      return passNotification(context, from, message);
    case 'batch':
      return acceptBatch(context, from, message, (member) => take(context, from, member));
    case 'stray_error':
      return passStrayError(context, from, message);
    case 'refused':
      return refuseInput(context, from, message);
  }
}
