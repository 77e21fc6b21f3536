import { type DialogAnswer, type DialogQuestion, dialogGuardMs } from '@mcp-acp/admin/desktop-dialog';

export interface OneDialog {
  /** Asks now or behind the others. True when a dialog is up, this one or the one before it. */
  ask(approval: string): Promise<boolean>;
  /** Closes its dialog, or takes it out of the queue. */
  forget(approval: string): void;
  close(): void;
}

export interface OneDialogOptions {
  /** What is asked, as it is when its turn comes; undefined where it cannot be asked in a dialog. */
  readonly question: (approval: string) => DialogQuestion | undefined;
  readonly show: (question: DialogQuestion, signal: AbortSignal) => Promise<DialogAnswer>;
  readonly answered: (approval: string, answer: 'approve' | 'deny') => void;
  /** The answer of a person came to nothing. */
  readonly failed: (approval: string, error: unknown) => void;
  /** A dialog that has not failed by then is up. Milliseconds. */
  readonly upMs?: number;
}

const mostQueued = 256;

/** Dialogs one after another. One that a person closed without an answer is not shown to them again. */
export function oneDialog({
  question,
  show,
  answered,
  failed,
  upMs = dialogGuardMs,
}: OneDialogOptions): OneDialog {
  const queue: string[] = [];
  const closed = new Set<string>();
  let current:
    | { readonly approval: string; readonly stop: AbortController; readonly up: Promise<boolean> }
    | undefined;

  const next = (): void => {
    while (current === undefined) {
      const approval = queue.shift();
      if (approval === undefined) return;
      begin(approval);
    }
  };

  /** Whatever goes wrong with an answer, the dialogs behind it are shown, and the session goes on. */
  const give = (approval: string, answer: 'approve' | 'deny'): void => {
    try {
      answered(approval, answer);
    } catch (error) {
      failed(approval, error);
    }
  };

  const begin = (approval: string): void => {
    const asked = question(approval);
    if (asked === undefined) return;
    const stop = new AbortController();
    const shown = show(asked, stop.signal).catch((): DialogAnswer => 'no_dialog');
    current = { approval, stop, up: isUp(shown, upMs) };
    void shown.then((answer) => {
      current = undefined;
      // Where there is no dialog, there is none for those behind it either.
      if (answer === 'no_dialog') queue.length = 0;
      else if (answer !== 'no_answer') give(approval, answer);
      else if (!stop.signal.aborted && closed.size < mostQueued) closed.add(approval);
      next();
    });
  };

  return {
    ask: (approval) => {
      if (closed.has(approval)) return Promise.resolve(false);
      const isKnown = current?.approval === approval || queue.includes(approval);
      if (!isKnown && queue.length < mostQueued) queue.push(approval);
      next();
      return current?.up ?? Promise.resolve(false);
    },
    forget: (approval) => {
      closed.delete(approval);
      const at = queue.indexOf(approval);
      if (at >= 0) queue.splice(at, 1);
      if (current?.approval === approval) current.stop.abort();
    },
    close: () => {
      queue.length = 0;
      current?.stop.abort();
    },
  };
}

async function isUp(shown: Promise<DialogAnswer>, upMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const settled = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), upMs).unref();
  });
  const up = await Promise.race([shown.then((answer) => answer !== 'no_dialog'), settled]);
  clearTimeout(timer);
  return up;
}
