import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type {
  DecisionBody,
  MatchedRule,
  OutcomeBody,
  RecordBody,
  RecordEnvelope,
  RecordedFacts,
} from '@mcp-acp/shared/journal-record';
import { canonicalJson } from '@mcp-acp/shared/json';

/** The part of the envelope that differs from record to record. */
export type RecordPlace = Pick<RecordEnvelope, 'seq' | 'time' | 'prev'>;
export type RecordOrigin = Pick<RecordEnvelope, 'proxyId' | 'proxyName' | 'instance'>;

/** Canonical JSON of a record without its hash and without its closing brace: exactly the bytes that are hashed. */
export type RecordEncoder = (body: RecordBody, place: RecordPlace) => string;

/** Any record, by the general canonical encoder. */
export function encodeAnyRecord(body: RecordBody, origin: RecordOrigin, place: RecordPlace): string {
  const { proxyId, proxyName, instance } = origin;
  const { seq, time, prev } = place;
  return canonicalJson({ ...body, proxyId, proxyName, instance, seq, time, prev }).slice(0, -1);
}

/**
 * An encoder for one stream. Decisions and outcomes are laid by hand, since two of them are written for every call;
 * everything else goes through {@link encodeAnyRecord}. A property test holds both to the same bytes.
 */
export function createRecordEncoder(
  proxyId: ProxyId,
  proxyName: string,
  instance: InstanceId,
): RecordEncoder {
  const origin = { proxyId, proxyName, instance };
  const instancePart = `,"instance":${JSON.stringify(instance)}`;
  const proxyPart = `,"proxyId":${JSON.stringify(proxyId)},"proxyName":${JSON.stringify(proxyName)}`;
  const decision = decisionEncoder(instancePart, proxyPart);
  const outcome = outcomeEncoder(instancePart, proxyPart);
  return (body, place) => {
    if (body.type === 'decision') return decision(body, place);
    if (body.type === 'outcome') return outcome(body, place);
    return encodeAnyRecord(body, origin, place);
  };
}

/** JSON text of a string that tends to be the same as the last one: a call's tool, the session's client. */
function quoter(): (text: string) => string {
  let last = '';
  let quoted = '""';
  return (text) => {
    if (text !== last) {
      quoted = JSON.stringify(text);
      last = text;
    }
    return quoted;
  };
}

const number = (value: number): string => (Number.isFinite(value) ? `${value}` : 'null');

function strings(values: readonly string[]): string {
  let text = '[';
  for (let index = 0; index < values.length; index++) {
    text += index === 0 ? JSON.stringify(values[index]) : `,${JSON.stringify(values[index])}`;
  }
  return `${text}]`;
}

function factsText(facts: RecordedFacts): string {
  const { mentions, operands, operations, sideEffects } = facts;
  let text = '';
  if (mentions !== undefined) text += `,"mentions":${number(mentions)}`;
  if (operands !== undefined) text += `,"operands":${number(operands)}`;
  if (operations !== undefined) text += `,"operations":${strings(operations)}`;
  if (sideEffects !== undefined) text += `,"sideEffects":${strings(sideEffects)}`;
  return `{${text.slice(1)}}`;
}

function matchedText(matched: readonly MatchedRule[]): string {
  let text = '';
  for (const { conditions, effect, rule } of matched) {
    text += `,{"conditions":${strings(conditions)},"effect":"${effect}","rule":${JSON.stringify(rule)}}`;
  }
  return `[${text.slice(1)}]`;
}

function decisionEncoder(instancePart: string, proxyPart: string) {
  const client = quoter();
  const clientVersion = quoter();
  const method = quoter();
  const tool = quoter();
  const toolDigest = quoter();
  const policyVersion = quoter();
  const subject = quoter();
  return (body: DecisionBody, place: RecordPlace): string => {
    let text = '{';
    if (body.approval !== undefined) text += `"approval":${JSON.stringify(body.approval)},`;
    if (body.channel !== undefined) text += `"channel":${JSON.stringify(body.channel)},`;
    text += `"class":"${body.class}"`;
    if (body.client !== undefined) text += `,"client":${client(body.client)}`;
    if (body.clientVersion !== undefined) text += `,"clientVersion":${clientVersion(body.clientVersion)}`;
    if (body.continues !== undefined) text += `,"continues":${number(body.continues)}`;
    if (body.decidedBy !== undefined) text += `,"decidedBy":${JSON.stringify(body.decidedBy)}`;
    text += `,"disposition":"${body.disposition}"`;
    if (body.effect !== undefined) text += `,"effect":"${body.effect}"`;
    if (body.evalMs !== undefined) text += `,"evalMs":${number(body.evalMs)}`;
    if (body.facts !== undefined) text += `,"facts":${factsText(body.facts)}`;
    text += `,"from":"${body.from}"`;
    if (body.grant !== undefined) text += `,"grant":${JSON.stringify(body.grant)}`;
    text += instancePart;
    if (body.matched !== undefined) text += `,"matched":${matchedText(body.matched)}`;
    if (body.method !== undefined) text += `,"method":${method(body.method)}`;
    if (body.payload !== undefined) text += `,"payload":${JSON.stringify(body.payload)}`;
    if (body.policyVersion !== undefined) text += `,"policyVersion":${policyVersion(body.policyVersion)}`;
    text += `,"prev":"${place.prev}"`;
    if (body.prompt !== undefined) text += `,"prompt":${JSON.stringify(body.prompt)}`;
    text += proxyPart;
    if (body.reason !== undefined) text += `,"reason":"${body.reason}"`;
    if (body.requestId !== undefined) text += `,"requestId":${JSON.stringify(body.requestId)}`;
    if (body.resource !== undefined) text += `,"resource":${JSON.stringify(body.resource)}`;
    if (body.revision !== undefined) text += `,"revision":${JSON.stringify(body.revision)}`;
    text += `,"seq":${place.seq},"size":${number(body.size)},"subject":${subject(body.subject)}`;
    text += `,"time":"${place.time}"`;
    if (body.tool !== undefined) text += `,"tool":${tool(body.tool)}`;
    if (body.toolDigest !== undefined) text += `,"toolDigest":${toolDigest(body.toolDigest)}`;
    if (body.trace !== undefined) text += `,"trace":${JSON.stringify(body.trace)}`;
    text += ',"type":"decision"';
    if (body.waitMs !== undefined) text += `,"waitMs":${number(body.waitMs)}`;
    return text;
  };
}

function outcomeEncoder(instancePart: string, proxyPart: string) {
  const method = quoter();
  const tool = quoter();
  return (body: OutcomeBody, place: RecordPlace): string => {
    let text = '';
    if (body.backendMs !== undefined) text += `,"backendMs":${number(body.backendMs)}`;
    if (body.cancelled !== undefined) text += `,"cancelled":${body.cancelled}`;
    text += `,"decision":${number(body.decision)}`;
    if (body.digest !== undefined) text += `,"digest":${JSON.stringify(body.digest)}`;
    text += `,"durationMs":${number(body.durationMs)}${instancePart}`;
    if (body.method !== undefined) text += `,"method":${method(body.method)}`;
    text += `,"prev":"${place.prev}"`;
    if (body.progress !== undefined) text += `,"progress":${number(body.progress)}`;
    text += proxyPart;
    if (body.reason !== undefined) text += `,"reason":"${body.reason}"`;
    if (body.requestId !== undefined) text += `,"requestId":${JSON.stringify(body.requestId)}`;
    text += `,"seq":${place.seq}`;
    if (body.size !== undefined) text += `,"size":${number(body.size)}`;
    text += `,"status":"${body.status}","time":"${place.time}"`;
    if (body.tool !== undefined) text += `,"tool":${tool(body.tool)}`;
    return `{${text.slice(1)},"type":"outcome"`;
  };
}

/**
 * The members the hand-laid encoders know. A member added to the vocabulary but not laid above fails to compile
 * here instead of going missing in the log.
 */
type Laid<Body, Keys> = [Exclude<keyof Body, Keys>] extends [never] ? true : never;
const allDecisionMembersLaid: Laid<
  DecisionBody,
  | 'approval'
  | 'channel'
  | 'class'
  | 'client'
  | 'clientVersion'
  | 'continues'
  | 'decidedBy'
  | 'disposition'
  | 'effect'
  | 'evalMs'
  | 'facts'
  | 'from'
  | 'grant'
  | 'matched'
  | 'method'
  | 'payload'
  | 'policyVersion'
  | 'prompt'
  | 'reason'
  | 'requestId'
  | 'resource'
  | 'revision'
  | 'size'
  | 'subject'
  | 'tool'
  | 'toolDigest'
  | 'trace'
  | 'type'
  | 'waitMs'
> = true;
const allOutcomeMembersLaid: Laid<
  OutcomeBody,
  | 'backendMs'
  | 'cancelled'
  | 'decision'
  | 'digest'
  | 'durationMs'
  | 'method'
  | 'progress'
  | 'reason'
  | 'requestId'
  | 'size'
  | 'status'
  | 'tool'
  | 'type'
> = true;
const allFactsLaid: Laid<RecordedFacts, 'mentions' | 'operands' | 'operations' | 'sideEffects'> = true;
const allMatchedMembersLaid: Laid<MatchedRule, 'conditions' | 'effect' | 'rule'> = true;
void [allDecisionMembersLaid, allOutcomeMembersLaid, allFactsLaid, allMatchedMembersLaid];
