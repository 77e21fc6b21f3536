import { limits } from '@mcp-acp/shared/limits';
import { type IncomingMessage, idKey, memberValue } from '../message.ts';
import { slot } from '../strict/slots.ts';

/**
 * What the server has asked of the client and not been answered. As long as there is something it may be silent, though
 * not longer than a person can be expected to take.
 */
export interface OpenQuestions {
  /** The server said something on the stream of `owner`. */
  heard(message: IncomingMessage, owner: object): void;
  /** The client said something. */
  said(message: IncomingMessage): void;
  /** That stream is over: what was asked on it needs no answer any more. */
  dropped(owner: object): void;
  any(): boolean;
}

const maxQuestions = 1_024;

export function createOpenQuestions(): OpenQuestions {
  const open = new Map<string | number, { readonly owner: object; readonly askedMs: number }>();
  return {
    heard: (message, owner) => {
      if (message.kind === 'request' && open.size < maxQuestions) {
        open.set(idKey(message.id), { owner, askedMs: performance.now() });
      }
      if (open.size === 0 || message.kind !== 'notification' || message.method !== 'notifications/cancelled')
        return;
      const takenBack = memberValue(message, slot.requestId);
      if (typeof takenBack === 'string' || typeof takenBack === 'number') open.delete(idKey(takenBack));
    },
    said: (message) => {
      if (open.size === 0) return;
      for (const answer of message.kind === 'batch' ? message.members : [message]) {
        if (answer.kind === 'response') open.delete(idKey(answer.id));
      }
    },
    dropped: (owner) => {
      for (const [key, question] of open) if (question.owner === owner) open.delete(key);
    },
    any: () => {
      const sinceMs = performance.now() - limits.questionMs;
      for (const { askedMs } of open.values()) if (askedMs > sinceMs) return true;
      return false;
    },
  };
}
