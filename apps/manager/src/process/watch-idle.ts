import { type Clock, systemClock } from '@mcp-acp/shared/clock';

/** What keeps a manager from being idle. */
export interface Activity {
  /** Connected instances of proxies. */
  readonly instances: number;
  /** Connected pages of the dashboard. */
  readonly dashboards: number;
  /** Who reads events now, pages among them: `events tail` waits for what happens. */
  readonly subscribers: number;
  /** Operations answered since the start, on the socket and over HTTP. */
  readonly operations: number;
}

export interface IdleOptions {
  /** 0: it is never idle. */
  readonly minutes: number;
  readonly activity: () => Activity;
  readonly onIdle: () => void;
  readonly clock?: Clock;
}

/** How often it is looked at: nobody minds whether a manager ends some seconds later. Milliseconds. */
const lookMs = 5_000;

/** Calls `onIdle`, once, when there was no proxy, no page, no reader of events and no operation for that long. Returns how to stop looking. */
export function watchIdle({ minutes, activity, onIdle, clock = systemClock }: IdleOptions): () => void {
  if (minutes === 0) return () => undefined;
  let sinceMs = clock.monotonicMs();
  let seen = -1;
  const timer = setInterval(() => {
    const { instances, dashboards, subscribers, operations } = activity();
    if (instances > 0 || dashboards > 0 || subscribers > 0 || operations !== seen) {
      sinceMs = clock.monotonicMs();
      seen = operations;
      return;
    }
    if (clock.monotonicMs() - sinceMs < minutes * 60_000) return;
    clearInterval(timer);
    onIdle();
  }, lookMs);
  timer.unref();
  return () => clearInterval(timer);
}
