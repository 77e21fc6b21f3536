/** tRPC always gives a subscription its signal; its types do not know. */
export const untilAborted = (signal: AbortSignal | undefined): AbortSignal =>
  signal ?? new AbortController().signal;
