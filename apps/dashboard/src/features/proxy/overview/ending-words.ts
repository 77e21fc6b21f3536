/** Why a session ended, in a person's words. The reasons are those of a `session` record of the event `closed`. */
const reasons: Readonly<Record<string, string>> = {
  client_closed: 'The client closed the connection.',
  client_gone: 'The client is gone: it ended without closing the connection.',
  backend_exited: 'The backend ended, and the proxy with it.',
};

/** `undefined`: it wrote no end. */
export function endingInWords(reason: string | undefined): string {
  if (reason === undefined) return 'It ended without a last word: it crashed or was killed.';
  return (
    reasons[reason] ?? (/^SIG[A-Z]+$/.test(reason) ? `It was ended by ${reason}.` : `It ended: ${reason}.`)
  );
}

/** Whether somebody should look at why, rather than simply start the client again. */
export const isOrdinary = (reason: string | undefined): boolean => reason === 'client_closed';
