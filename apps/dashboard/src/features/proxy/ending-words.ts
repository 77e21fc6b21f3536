/** Part of a sentence about an end. What a backend or the system said stands apart, since it is shown as foreign text. */
export interface EndSentence {
  readonly ours: string;
  readonly foreign?: string;
}

/** Why a session ended, in a person's words. The reasons are those of a `session` record of the event `closed`. */
const reasons: Readonly<Record<string, string>> = {
  client_closed: 'The client closed the connection.',
  client_gone: 'The client is gone: it ended without closing the connection.',
  backend_exited: 'The backend ended, and the proxy with it.',
};

const isSignal = (reason: string): boolean => /^SIG[A-Z0-9]+$/.test(reason);
/** How the end of a program is written down; what is not that says why it could not be started. */
const exit = /^(exit code \d+|signal SIG[A-Z0-9]+|closed)$/;

/** Without the full stop that the sentence around it has. */
const bare = (text: string): string => text.trim().replace(/[.\s]+$/, '');

/** `reason` undefined: it wrote no end. `backendExit`: what is on record of the backend's own end. */
export function endingInWords(reason: string | undefined, backendExit?: string): EndSentence {
  if (reason === undefined) return { ours: 'It ended without a last word: it crashed or was killed.' };
  if (reason === 'backend_exited' && backendExit !== undefined && bare(backendExit) !== '') {
    return exit.test(bare(backendExit))
      ? { ours: 'The backend ended, and the proxy with it: ', foreign: bare(backendExit) }
      : { ours: '', foreign: bare(backendExit) };
  }
  const known = Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;
  if (known !== undefined) return { ours: known };
  return isSignal(reason)
    ? { ours: `It was ended by ${reason}.` }
    : { ours: 'It ended: ', foreign: bare(reason) };
}

/** Whether the same is said of the backend already. */
export const isSaid = (error: string, { foreign }: EndSentence): boolean => foreign === bare(error);

/** Whether somebody should look at why, rather than simply start the client again. */
export const isOrdinary = (reason: string | undefined): boolean => reason === 'client_closed';

/** Whether something broke. A client that goes away, in whatever way, is none of the proxy's faults. */
export const isFailure = (reason: string | undefined): boolean =>
  reason === undefined || !(isOrdinary(reason) || reason === 'client_gone' || isSignal(reason));
