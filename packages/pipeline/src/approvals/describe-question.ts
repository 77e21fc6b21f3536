import type { Rule } from '@mcp-acp/policy/policy';
import type { EndedApproval, PendingApproval } from '@mcp-acp/shared/live/approval';
import type { EventOrigin } from '@mcp-acp/shared/live/live-event';
import type { EnforcementContext } from '../context.ts';
import type { Decided } from '../stages/stage-results.ts';
import { cutText, mostShownText } from './destinations.ts';
import type { End, Question } from './question.ts';

/** How much of the words of others is told. UTF-16 units, and destinations. */
export interface Extent {
  readonly mostText: number;
  readonly mostDestinations: number;
  readonly mostPath: number;
}

/** One among thousands, and one that is decided on. */
const inList: Extent = { mostText: 256, mostDestinations: 4, mostPath: 512 };
export const onCard: Extent = { mostText: mostShownText, mostDestinations: 32, mostPath: 4096 };

/** A question as a list shows it, or with more of it. */
export function describeQuestion(
  context: EnforcementContext,
  question: Question,
  { origin, extent = inList }: { readonly origin: EventOrigin; readonly extent?: Extent },
): PendingApproval {
  const { mostText, mostDestinations, mostPath } = extent;
  const bounded = (text: string): string => cutText(text, mostText);
  const { decided, waiter, destinations } = question;
  const { identified, access } = decided.classified;
  const { received, session, subject } = identified;
  const { toolName, promptName, uri } = access?.request ?? {};
  const nowMs = context.clock.monotonicMs();
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
    limited: decided.verdict?.limited === true,
    ...(rule === undefined ? {} : { rule: rule.id }),
    ...(rule?.description === undefined ? {} : { ruleDescription: bounded(rule.description) }),
    operations: [...(access?.facts.operations ?? [])],
    sideEffects: [...(access?.facts.sideEffects ?? [])],
    destinations: destinations.slice(0, mostDestinations).map((place) => ({
      ...place,
      text: bounded(place.text),
      ...(place.resolved === undefined ? {} : { resolved: bounded(place.resolved) }),
    })),
    destinationCount: destinations.length,
    preview: question.preview,
    argumentsLength: question.argumentsLength,
    askedAt: new Date(question.askedAt).toISOString(),
    state: waiter === undefined ? 'open' : 'held',
    holdLeftMs: waiter === undefined ? 0 : Math.max(0, waiter.holdEndsMs - nowMs),
    openLeftMs: Math.max(0, question.openEndsMs - nowMs),
    attempts: question.attempts,
    ...(question.via === undefined ? {} : { via: [...question.via] }),
    offers: question.offers.filter(({ path = '' }) => path.length <= mostPath),
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

/** How a question ended, as whoever comes too late is told. */
export function describeEnd(
  context: EnforcementContext,
  question: Question,
  { origin, end, channel, reason }: End & { readonly origin: EventOrigin },
): EndedApproval {
  const { access, identified } = question.decided.classified;
  const bounded = (text: string): string => cutText(text, inList.mostText);
  const { toolName: tool, promptName: prompt } = access?.request ?? {};
  return {
    approval: question.id,
    proxy: origin,
    ...(tool === undefined ? {} : { tool: bounded(tool) }),
    ...(prompt === undefined ? {} : { prompt: bounded(prompt) }),
    method: bounded(identified.received.message.method),
    end,
    time: new Date(context.clock.now()).toISOString(),
    ...(channel === undefined ? {} : { channel }),
    ...(reason === undefined ? {} : { reason }),
  };
}
