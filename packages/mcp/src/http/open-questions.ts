import { type IncomingMessage, idKey, memberValue } from '../message.ts';
import { slot } from '../strict/slots.ts';

/** What the server has asked of the client and not been answered: as long as there is something, it may be silent. */
export interface OpenQuestions {
  /** The server said something. */
  heard(message: IncomingMessage): void;
  /** The client said something. */
  said(message: IncomingMessage): void;
  any(): boolean;
}

const maxQuestions = 1_024;

export function createOpenQuestions(): OpenQuestions {
  const open = new Set<string | number>();
  return {
    heard: (message) => {
      if (message.kind === 'request' && open.size < maxQuestions) open.add(idKey(message.id));
      if (message.kind !== 'notification' || message.method !== 'notifications/cancelled') return;
      const takenBack = memberValue(message, slot.requestId);
      if (typeof takenBack === 'string' || typeof takenBack === 'number') open.delete(idKey(takenBack));
    },
    said: (message) => {
      if (open.size === 0) return;
      for (const answer of message.kind === 'batch' ? message.members : [message]) {
        if (answer.kind === 'response') open.delete(idKey(answer.id));
      }
    },
    any: () => open.size > 0,
  };
}
