import { createBell } from '@mcp-acp/api/events/bell';
import type { Person } from '@mcp-acp/pipeline/approvals/person';
import type { ApprovalChannel, PendingApproval } from '@mcp-acp/shared/live/approval';
import { pause } from '../pause.ts';

/** Gets the attention of somebody who does not look on: a notification, a dialog. */
export interface Summoner {
  /** True when a notification was delivered or a dialog is up. Rejects never. */
  summon(question: PendingApproval): Promise<boolean>;
  /** The question is over: nothing that is shown asks it any longer. */
  ended(approval: string): void;
}

/** Whether a person can be asked, as far as this instance knows. */
export interface PersonSeen extends Person {
  /** So many pages, and people at terminals, look on through the manager. */
  watching(pages: number, terminals: number): void;
  dashboards(): number;
  /** Somebody who can answer looks on directly, until what is returned is called. */
  arrived(): () => void;
  /** It is known now whether there is a manager, and who looks on there. */
  looked(): void;
  /** The way to somebody who does not look on, or that there is none. */
  attach(summoner: Summoner | undefined): void;
}

/** How long a question waits for it to be known who looks on: a manager may have to be started first. Milliseconds. */
const knownWithinMs = 5_000;

export function createPersonSeen(signal: AbortSignal): PersonSeen {
  const bell = createBell();
  let pages = 0;
  let terminals = 0;
  let readers = 0;
  let isKnown = false;
  let summoner: Summoner | undefined;
  let isAttached = false;
  /** Questions that nobody was told of yet. */
  const waiting = new Set<string>();

  const isWatching = (via?: readonly ApprovalChannel[]): boolean => {
    const canBe = (channel: ApprovalChannel): boolean => via === undefined || via.includes(channel);
    return (pages > 0 && canBe('dashboard')) || (terminals + readers > 0 && canBe('cli'));
  };
  const isReady = (): boolean => isWatching() || (isKnown && isAttached);

  const ready = async (): Promise<void> => {
    const over = AbortSignal.any([signal, AbortSignal.timeout(knownWithinMs)]);
    while (!isReady() && !over.aborted) await Promise.race([bell.next(over), pause(knownWithinMs, over)]);
  };

  return {
    isWatching,
    summon: async (question) => {
      waiting.add(question.approval);
      if (!isReady()) await ready();
      // Over before anybody could be told.
      if (!waiting.delete(question.approval)) return false;
      if (isWatching(question.via)) return true;
      return summoner === undefined ? false : summoner.summon(question);
    },
    dismiss: (approval) => {
      waiting.delete(approval);
      summoner?.ended(approval);
    },
    watching: (open, people) => {
      pages = open;
      terminals = people;
      isKnown = true;
      bell.ring();
    },
    dashboards: () => pages,
    arrived: () => {
      readers++;
      bell.ring();
      let isHere = true;
      return () => {
        if (isHere) readers--;
        isHere = false;
      };
    },
    looked: () => {
      isKnown = true;
      bell.ring();
    },
    attach: (one) => {
      summoner = one;
      isAttached = true;
      bell.ring();
    },
  };
}
