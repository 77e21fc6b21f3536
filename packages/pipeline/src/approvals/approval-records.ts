import type { ApprovalBody } from '@mcp-acp/shared/journal-record';
import { limits } from '@mcp-acp/shared/limits';
import { appendRecord } from '../append-record.ts';
import type { EnforcementContext } from '../context.ts';
import type { KeptGrant } from './grants.ts';
import type { End, Question } from './question.ts';

/** What is written of questions and grants. No argument value is: a folder a grant is good for is one, too. */
export interface ApprovalRecords {
  /** False where the journal takes no record. */
  asked(question: Question): boolean;
  letGo(question: Question): void;
  ended(question: Question, how: End): void;
  grantMade(grant: KeptGrant): void;
  grantEnded(grant: KeptGrant, why: string): void;
}

const quoted = (text: string): string => text.slice(0, limits.quotedText);

export function approvalRecords(context: EnforcementContext): ApprovalRecords {
  const append = (body: Omit<ApprovalBody, 'type'>): boolean =>
    appendRecord(context.journal, { type: 'approval', ...body }) !== undefined;

  const about = ({ id, binding, decided }: Question): Omit<ApprovalBody, 'type' | 'event'> => {
    const { identified, access } = decided.classified;
    const { message } = identified.received;
    const { toolName, promptName } = access?.request ?? {};
    const { client } = identified.session;
    const rule = decided.verdict?.decision?.decidedBy;
    return {
      approval: id,
      binding: binding.digest,
      requestId: typeof message.id === 'number' ? String(message.id) : JSON.stringify(message.id),
      method: message.method,
      ...(toolName === undefined ? {} : { tool: quoted(toolName) }),
      ...(promptName === undefined ? {} : { prompt: quoted(promptName) }),
      ...(client === undefined ? {} : { client: client.name }),
      ...(rule === undefined ? {} : { decidedBy: rule }),
      policyVersion: context.policies.current().version,
    };
  };

  const ofGrant = (grant: KeptGrant): Omit<ApprovalBody, 'type' | 'event'> => {
    const { id, approval, method, tool, prompt, rule, effect, scope, forMs, mostUses } = grant;
    return {
      grant: id,
      ...(approval === undefined ? {} : { approval }),
      method,
      ...(tool === undefined ? {} : { tool: quoted(tool) }),
      ...(prompt === undefined ? {} : { prompt: quoted(prompt) }),
      ...(rule === undefined ? {} : { decidedBy: rule }),
      channel: grant.channel,
      effect,
      scope,
      ...(forMs === undefined ? {} : { forMs: Math.round(forMs) }),
      ...(mostUses === undefined ? {} : { mostUses }),
    };
  };

  return {
    asked: (question) => append({ event: 'asked', ...about(question), attempts: question.attempts }),
    letGo: (question) => void append({ event: 'open', ...about(question) }),
    ended: (question, { end, channel, reason }) =>
      void append({
        event: end,
        ...about(question),
        ...(channel === undefined ? {} : { channel, by: context.subjects.current().id }),
        ...(reason === undefined ? {} : { detail: reason }),
      }),
    grantMade: (grant) => void append({ event: 'grant_made', ...ofGrant(grant) }),
    grantEnded: (grant, why) =>
      void append({ event: 'grant_ended', ...ofGrant(grant), used: grant.used, detail: why }),
  };
}
