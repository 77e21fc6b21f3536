import { memberBytes } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import type { Facts, PathFact } from '@mcp-acp/policy/facts';
import type { Rule } from '@mcp-acp/policy/policy';
import type { Timers } from '@mcp-acp/shared/clock';
import type { RandomBytes } from '@mcp-acp/shared/ids';
import type {
  ApprovalChannel,
  Destination,
  EndedApproval,
  GrantOffer,
  PendingApproval,
} from '@mcp-acp/shared/live/approval';
import type { EventOrigin } from '@mcp-acp/shared/live/live-event';
import type { EnforcementContext } from '../context.ts';
import type { Approval, Decided } from '../stages/stage-results.ts';
import type { Binding } from './binding.ts';
import type { Person } from './person.ts';

/** What approvals need besides what every exchange works with. */
export interface ApprovalOptions {
  readonly person: Person;
  readonly origin: EventOrigin;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** How long a call waits, and how long its question can be answered. Milliseconds. */
  readonly holdMs: () => number;
  readonly openMs: () => number;
}

/** Questions that are pending in one instance, and the bytes of their calls. */
export const mostQuestions = 2_048;
export const mostQuestionBytes = 64 * 1024 * 1024;
/** Those that are over, for whoever answers too late. */
export const mostEnded = 256;
export const mostEndedShown = 64;

/** What a call that waits is told, and what becomes of it then. */
export type Conclude = (approval: Approval) => 'sent' | 'refused';

/** A call that waits for an answer. */
export interface Waiter {
  readonly sinceMs: number;
  readonly conclude: Conclude;
  /** The call is told to try again then. */
  readonly stopHold: () => void;
  readonly holdEndsMs: number;
}

/** Something a person is asked. */
export interface Question {
  readonly id: string;
  readonly binding: Binding;
  readonly askedAt: number;
  readonly openEndsMs: number;
  readonly stopOpen: () => void;
  /** Bytes it keeps alive. */
  readonly size: number;
  readonly offers: readonly GrantOffer[];
  readonly via: readonly ApprovalChannel[] | undefined;
  /** As the newest call that asked it was judged. */
  decided: Decided;
  attempts: number;
  /** At most one: a second call of the same kind meanwhile is a question of its own. */
  waiter: Waiter | undefined;
}

/** Words of a peer, in UTF-16 units. */
const mostText = 1024;
const mostPreview = 200;
const mostDestinations = 32;

const bounded = (text: string): string => (text.length > mostText ? text.slice(0, mostText) : text);

/** The arguments as JSON text, as they would be sent; of a method without a name, its parameters. */
export function argumentsOf({ classified }: Decided): string {
  const { message } = classified.identified.received;
  const named = classified.access?.request;
  const at = named?.toolName === undefined && named?.promptName === undefined ? slot.params : slot.arguments;
  return memberBytes(message, at)?.toString('utf8') ?? '{}';
}

/** A question as a list shows it. */
export function describeQuestion(
  context: EnforcementContext,
  question: Question,
  origin: EventOrigin,
): PendingApproval {
  const { decided, waiter } = question;
  const { identified, access } = decided.classified;
  const { received, session, subject } = identified;
  const { toolName, promptName, uri } = access?.request ?? {};
  const nowMs = context.clock.monotonicMs();
  const text = argumentsOf(decided);
  const destinations = access === undefined ? [] : destinationsOf(access.facts);
  const rule = askingRule(context, decided);
  const title = access?.request.tool?.title;
  return {
    approval: question.id,
    proxy: origin,
    digest: question.binding.digest,
    ...(session.client === undefined ? {} : { client: bounded(session.client.name) }),
    ...(session.client?.version === undefined ? {} : { clientVersion: bounded(session.client.version) }),
    subject: bounded(subject.id),
    from: received.from,
    method: bounded(received.message.method),
    ...(toolName === undefined
      ? {}
      : { tool: bounded(toolName), definition: definitionOf(context, toolName) }),
    ...(title === undefined ? {} : { title: bounded(title) }),
    ...(promptName === undefined ? {} : { prompt: bounded(promptName) }),
    ...(uri === undefined ? {} : { resource: bounded(uri) }),
    ...(rule === undefined ? {} : { rule: rule.id }),
    ...(rule?.description === undefined ? {} : { ruleDescription: rule.description.slice(0, mostText) }),
    operations: [...(access?.facts.operations ?? [])],
    sideEffects: [...(access?.facts.sideEffects ?? [])],
    destinations: destinations.slice(0, mostDestinations),
    destinationCount: destinations.length,
    preview: text.slice(0, mostPreview),
    argumentsLength: text.length,
    askedAt: new Date(question.askedAt).toISOString(),
    state: waiter === undefined ? 'open' : 'held',
    holdLeftMs: waiter === undefined ? 0 : Math.max(0, waiter.holdEndsMs - nowMs),
    openLeftMs: Math.max(0, question.openEndsMs - nowMs),
    attempts: question.attempts,
    ...(question.via === undefined ? {} : { via: [...question.via] }),
    offers: [...question.offers],
  };
}

/** The rule that asked; undefined where a limit did. */
function askingRule(context: EnforcementContext, { verdict }: Decided): Rule | undefined {
  const { decision } = verdict ?? {};
  if (decision?.effect !== 'ask') return undefined;
  return context.policies.current().rules.find(({ rule }) => rule.id === decision.decidedBy)?.rule;
}

function definitionOf(context: EnforcementContext, tool: string): PendingApproval['definition'] {
  const known = context.tools.get(tool);
  if (known === undefined) return 'never_seen';
  return known.hasChanged ? 'changed' : 'known';
}

function destinationsOf(facts: Facts): readonly Destination[] {
  return [
    ...facts.operands.map((fact) => destinationOf(fact, false)),
    ...facts.mentions.map((fact) => destinationOf(fact, true)),
  ];
}

function destinationOf(fact: PathFact, mentioned: boolean): Destination {
  const { text, resolved, role, uri } = fact;
  const host = fact.kind === 'uri' ? uri?.host : undefined;
  return {
    kind: host === undefined ? 'path' : 'host',
    text: bounded(text),
    ...(host === undefined && resolved !== undefined && resolved !== text
      ? { resolved: bounded(resolved) }
      : {}),
    ...(host === undefined ? {} : { resolved: bounded(host) }),
    ...(role === undefined ? {} : { role }),
    mentioned,
  };
}

export interface End {
  readonly end: EndedApproval['end'];
  readonly channel?: ApprovalChannel | undefined;
  readonly reason?: string | undefined;
}

export function describeEnd(
  context: EnforcementContext,
  question: Question,
  { origin, end, channel, reason }: End & { readonly origin: EventOrigin },
): EndedApproval {
  const { access, identified } = question.decided.classified;
  const tool = access?.request.toolName;
  return {
    approval: question.id,
    proxy: origin,
    ...(tool === undefined ? {} : { tool: bounded(tool) }),
    method: bounded(identified.received.message.method),
    end,
    time: new Date(context.clock.now()).toISOString(),
    ...(channel === undefined ? {} : { channel }),
    ...(reason === undefined ? {} : { reason }),
  };
}
