import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { shownText } from '../../components/foreign-text.tsx';

/** What a question tells of the call it is about. */
export type AskedCall = Pick<PendingApproval, 'tool' | 'prompt' | 'resource' | 'method'>;

export interface AskedThing {
  /** What is called, got or read, else the method. Of the backend's or the agent's making. */
  readonly name: string;
  /** What that is, where it is no tool. */
  readonly kind?: 'prompt' | 'resource';
}

/** What a question is about: the tool, else the prompt or the resource, else the method. */
export function whatIsAsked({ tool, prompt, resource, method }: AskedCall): AskedThing {
  if (tool !== undefined) return { name: tool };
  if (prompt !== undefined) return { name: prompt, kind: 'prompt' };
  if (resource !== undefined) return { name: resource, kind: 'resource' };
  return { name: method };
}

/** What a call is called in a sentence. */
export function nameOf(question: AskedCall, most = 80): string {
  const { name, kind } = whatIsAsked(question);
  return kind === undefined ? shownText(name, most) : `${kind} ${shownText(name, most)}`;
}

/** What a card is called for who does not see it. */
export function cardLabel(question: AskedCall): string {
  const { name, kind } = whatIsAsked(question);
  return `Approval${kind === undefined ? '' : ` of a ${kind}`}: ${shownText(name, 120)}`;
}
