import type { DesktopNotification } from '@mcp-acp/admin/desktop-notification';

export interface NotifyTogether {
  /** Says that a question waits, at once or with the others of this second. True where the notification was taken. */
  tell(approval: string, alone: DesktopNotification): Promise<boolean>;
  /** It needs no telling any more. */
  forget(approval: string): void;
  close(): void;
}

export interface NotifyTogetherOptions {
  readonly send: (notification: DesktopNotification) => Promise<boolean>;
  /** What is said of several. */
  readonly together: (count: number) => DesktopNotification;
  readonly pauseMs?: number;
}

/** More questions than this are told of without being counted on. */
const mostWaiting = 1_024;

/** Notifications, at most one a second: what comes in between is told together. */
export function notifyTogether({ send, together, pauseMs = 1_000 }: NotifyTogetherOptions): NotifyTogether {
  const waiting = new Map<string, { readonly alone: DesktopNotification; settle(told: boolean): void }>();
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    timer = undefined;
    const all = [...waiting.values()];
    waiting.clear();
    const [first] = all;
    if (first === undefined) return;
    timer = setTimeout(flush, pauseMs).unref();
    const said = (told: boolean): void => {
      for (const { settle } of all) settle(told);
      if (told) return;
      // Nobody was told anything that the next one would come too soon after.
      clearTimeout(timer);
      flush();
    };
    void send(all.length === 1 ? first.alone : together(all.length)).then(said, () => said(false));
  };

  const forget = (approval: string): void => {
    waiting.get(approval)?.settle(false);
    waiting.delete(approval);
  };

  return {
    tell: (approval, alone) => {
      if (waiting.size >= mostWaiting) return Promise.resolve(false);
      forget(approval);
      return new Promise((resolve) => {
        waiting.set(approval, { alone, settle: resolve });
        if (timer === undefined) flush();
      });
    },
    forget,
    close: () => {
      clearTimeout(timer);
      for (const approval of [...waiting.keys()]) forget(approval);
    },
  };
}
