import { quotedCall } from '@mcp-acp/admin/approval-facts';
import { askInDialog } from '@mcp-acp/admin/desktop-dialog';
import { notifyDesktop } from '@mcp-acp/admin/desktop-notification';
import { AcpError } from '@mcp-acp/shared/errors';
import type { Answered, ApprovalAnswer, ApprovalCard } from '@mcp-acp/shared/live/approval';
import { endWords } from '@mcp-acp/shared/live/approval-end';
import type { Summoner } from '../live/person-seen.ts';
import { notifyTogether } from '../summon/notify-together.ts';
import { oneDialog } from '../summon/one-dialog.ts';
import { dialogOf, notificationOf, togetherOf } from '../summon/question-text.ts';

export interface SummonerOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Whether the settings allow notifications and dialogs, read anew for each question. */
  readonly notifications: () => boolean;
  /** Its name. */
  readonly proxy: string;
  /** The instance ends: what is shown is closed. */
  readonly signal: AbortSignal;
  readonly answer: (answer: ApprovalAnswer, channel: 'dialog') => Answered;
  /** Throws AcpError('not_found') where the question is over. */
  readonly card: (approval: string) => ApprovalCard;
  /** What a person types or opens to answer; a notification says it. */
  readonly openCommand: string;
  readonly desktop?: Desktop;
}

/** How a desktop is reached. */
export interface Desktop {
  readonly notify: typeof notifyDesktop;
  readonly ask: typeof askInDialog;
}

/** Asks whoever sits at this desktop, by notifications and dialogs of the system; none of it is waited for by a call. */
export function createSummoner(options: SummonerOptions): Summoner {
  const { env, proxy, signal, openCommand, desktop = { notify: notifyDesktop, ask: askInDialog } } = options;
  const shown = new Map<string, ApprovalCard>();

  const notifications = notifyTogether({
    send: (notification) => desktop.notify(notification, env),
    together: (count) => togetherOf(proxy, count, openCommand),
  });
  const dialogs = oneDialog({
    question: (approval) => {
      const card = cardOf(approval);
      if (card === undefined) return undefined;
      shown.set(approval, card);
      return dialogOf(card);
    },
    show: (question, closed) => desktop.ask(question, { env, signal: closed }),
    answered: (approval, answer) => {
      const card = shown.get(approval);
      shown.delete(approval);
      if (card === undefined) return;
      const problem = give({ approval, digest: card.digest, answer });
      if (problem === undefined) return;
      const title = `mcp-acp: ${quotedCall(card)} (${proxy})`;
      void desktop.notify({ title, text: problem }, env);
    },
    failed: () => {
      const text = 'Your answer came to nothing: something failed in the proxy.';
      void desktop.notify({ title: `mcp-acp: ${proxy}`, text }, env);
    },
  });

  const cardOf = (approval: string): ApprovalCard | undefined => {
    try {
      return options.card(approval);
    } catch {
      return undefined;
    }
  };

  /** Why the answer did not count, or undefined. */
  const give = (answer: ApprovalAnswer): string | undefined => {
    try {
      const { result, ended } = options.answer(answer, 'dialog');
      if (result === 'asked_again') return 'The policy or the tool has changed, so it is asked again.';
      if (result !== 'too_late') return undefined;
      const by = ended.channel === undefined ? '' : ` (${ended.channel})`;
      return `Your answer came too late: ${endWords[ended.end]}${by}.`;
    } catch (error) {
      if (error instanceof AcpError) return `Your answer does not count. ${error.message}`;
      throw error;
    }
  };

  const close = (): void => {
    notifications.close();
    dialogs.close();
    shown.clear();
  };
  signal.addEventListener('abort', close, { once: true });

  return {
    summon: (question) => {
      if (signal.aborted || !options.notifications()) return Promise.resolve(false);
      const { approval, via } = question;
      const told = notifications.tell(approval, notificationOf(question, openCommand));
      const mayAnswer = via === undefined || via.includes('dialog');
      return either(told, mayAnswer ? dialogs.ask(approval) : Promise.resolve(false));
    },
    ended: (approval) => {
      shown.delete(approval);
      notifications.forget(approval);
      dialogs.forget(approval);
    },
  };
}

/** As soon as one of them is true. */
const either = (one: Promise<boolean>, other: Promise<boolean>): Promise<boolean> =>
  new Promise((resolve) => {
    const settle = (which: Promise<boolean>, rest: Promise<boolean>): void =>
      void which.then((is) => (is ? resolve(true) : resolve(rest)));
    settle(one, other);
    settle(other, one);
  });
