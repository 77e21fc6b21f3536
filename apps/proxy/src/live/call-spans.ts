import { errorTable } from '@mcp-acp/shared/errors';
import type { DecisionBody, OutcomeBody, RecordBody, Sender } from '@mcp-acp/shared/journal-record';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/**
 * A span as the records of a request tell it, in the words of OpenTelemetry's semantic conventions for MCP; what they
 * have no word for is in `mcp_acp.`. No argument and no result is among it.
 */
export interface CallSpan {
  /** `{method} {target}` */
  readonly name: string;
  /** Since the Unix epoch. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: SpanAttributes;
  /** Class of the error it ended with. */
  readonly error?: string;
}

/** One request: the proxy serves whoever asks, and asks the other side if the request is passed on. */
export interface CallSpans {
  readonly server: CallSpan;
  readonly client?: CallSpan;
  /** W3C traceparent of whoever asked. */
  readonly parent?: string;
}

/** How a peer is reached, as attributes of the network. */
export type PeerAttributes = Readonly<Record<Sender, SpanAttributes>>;

export interface CallSpanReader {
  /** The spans of a request that this record ends, or undefined. */
  read(seq: number, timeMs: number, body: RecordBody): CallSpans | undefined;
}

/** Requests that run at once and are known; the oldest is forgotten first. */
const mostRunning = 16_384;

export function createCallSpanReader(peers: PeerAttributes, session: string): CallSpanReader {
  const running = new Map<number, DecisionBody>();
  let sessionOfEra: SpanAttributes = {};

  return {
    read: (seq, timeMs, body) => {
      if (body.type === 'session' && body.event === 'identified') {
        // Revisions without sessions have none to name.
        sessionOfEra = body.era === 'stateless' ? {} : { 'mcp.session.id': session };
        return undefined;
      }
      if (body.type === 'decision') {
        if (body.class !== 'access' && body.class !== 'discovery') return undefined;
        if (body.requestId === undefined || body.method === undefined) return undefined;
        if (body.disposition !== 'forwarded') return refused(body, timeMs, { peers, sessionOfEra });
        if (running.size >= mostRunning) running.delete(running.keys().next().value as number);
        running.set(seq, body);
        return undefined;
      }
      if (body.type !== 'outcome') return undefined;
      const decision = running.get(body.decision);
      if (decision === undefined) return undefined;
      running.delete(body.decision);
      return finished({ decision, outcome: body, endMs: timeMs }, { peers, sessionOfEra });
    },
  };
}

interface Surroundings {
  readonly peers: PeerAttributes;
  readonly sessionOfEra: SpanAttributes;
}

function refused(decision: DecisionBody, timeMs: number, around: Surroundings): CallSpans {
  const { evalMs = 0, waitMs = 0, reason, trace } = decision;
  const error = reason ?? decision.disposition;
  const isToolResult = decision.method === 'tools/call' && decision.from === 'client';
  const status: SpanAttributes =
    reason === undefined || isToolResult
      ? {}
      : { 'rpc.response.status_code': String(errorTable[reason].rpc) };
  return {
    server: {
      name: nameOf(decision),
      startMs: timeMs - evalMs - waitMs,
      endMs: timeMs,
      attributes: {
        ...attributesOf(decision, around),
        ...around.peers[decision.from],
        ...status,
        'error.type': error,
      },
      error,
    },
    ...(trace === undefined ? {} : { parent: trace }),
  };
}

interface Finished {
  readonly decision: DecisionBody;
  readonly outcome: OutcomeBody;
  readonly endMs: number;
}

function finished({ decision, outcome, endMs }: Finished, around: Surroundings): CallSpans {
  const { durationMs, backendMs } = outcome;
  const error = errorOf(outcome);
  const name = nameOf(decision);
  const failure: SpanAttributes = error === undefined ? {} : { 'error.type': error };
  const common = attributesOf(decision, around);
  const failed = error === undefined ? {} : { error };
  const asked: Sender = decision.from === 'client' ? 'server' : 'client';
  return {
    server: {
      name,
      startMs: endMs - durationMs,
      endMs,
      attributes: {
        ...common,
        ...around.peers[decision.from],
        ...failure,
        'mcp_acp.outcome': outcome.status,
      },
      ...failed,
    },
    ...(backendMs === undefined
      ? {}
      : {
          client: {
            name,
            startMs: endMs - backendMs,
            endMs,
            attributes: { ...protocolAttributes(decision, around), ...around.peers[asked], ...failure },
            ...failed,
          },
        }),
    ...(decision.trace === undefined ? {} : { parent: decision.trace }),
  };
}

/** The code of an answered error is not recorded, so it has the conventions' word for an error of no known class. */
function errorOf({ status, reason }: OutcomeBody): string | undefined {
  if (status === 'ok' || status === 'input_required') return undefined;
  if (status === 'error') return reason ?? '_OTHER';
  return reason ?? status;
}

function nameOf({ method = '', tool, prompt }: DecisionBody): string {
  const target = tool ?? prompt;
  return target === undefined ? method : `${method} ${target}`;
}

/** What both sides of a request have in common. */
function protocolAttributes(decision: DecisionBody, { sessionOfEra }: Surroundings): SpanAttributes {
  const { method = '', requestId, tool, prompt, resource, revision } = decision;
  return {
    'mcp.method.name': method,
    ...(requestId === undefined ? {} : { 'jsonrpc.request.id': plainId(requestId) }),
    ...(tool === undefined ? {} : { 'gen_ai.tool.name': tool }),
    ...(method === 'tools/call' ? { 'gen_ai.operation.name': 'execute_tool' } : {}),
    ...(prompt === undefined ? {} : { 'gen_ai.prompt.name': prompt }),
    ...(resource === undefined ? {} : { 'mcp.resource.uri': resource }),
    ...(revision === undefined ? {} : { 'mcp.protocol.version': revision }),
    ...sessionOfEra,
  };
}

/** … and what was decided of it. */
function attributesOf(decision: DecisionBody, around: Surroundings): SpanAttributes {
  const { disposition, effect, evalMs, waitMs, policyVersion, decidedBy } = decision;
  return {
    ...protocolAttributes(decision, around),
    'mcp_acp.disposition': disposition,
    ...(effect === undefined ? {} : { 'mcp_acp.policy.effect': effect }),
    ...(decidedBy === undefined ? {} : { 'mcp_acp.policy.rule': decidedBy }),
    ...(policyVersion === undefined ? {} : { 'mcp_acp.policy.version': policyVersion }),
    ...(evalMs === undefined ? {} : { 'mcp_acp.policy.evaluation_ms': evalMs }),
    ...(waitMs === undefined || waitMs === 0 ? {} : { 'mcp_acp.human.wait_ms': waitMs }),
  };
}

/** The id as the request had it: records hold its JSON text. */
function plainId(requestId: string): string {
  return requestId.startsWith('"') ? (JSON.parse(requestId) as string) : requestId;
}
