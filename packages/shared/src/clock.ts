/** Time as a port, so that a run can be replayed. */
export interface Clock {
  /** Wall time in milliseconds since the Unix epoch. May go backwards. */
  now(): number;
  /** Milliseconds from an arbitrary origin, with sub-millisecond digits. Never goes backwards. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
};
