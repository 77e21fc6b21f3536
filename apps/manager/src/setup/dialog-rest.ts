/** After a no it is rested so long, after each further one twice as long. Milliseconds. */
const leastRestMs = 30_000;
const mostRestMs = 3_600_000;

/** Peace for who says no to dialogs: a page may want any number of them, of any number of proxies. */
export interface DialogRest {
  isOn(): boolean;
  /** Whether the last no was said of this proxy. */
  wasRefused(proxy: string): boolean;
  refused(proxy: string): void;
  approved(): void;
}

export function createDialogRest(monotonicMs: () => number): DialogRest {
  let last: { readonly proxy: string; readonly untilMs: number } | undefined;
  let restMs = leastRestMs;
  return {
    isOn: () => last !== undefined && monotonicMs() < last.untilMs,
    wasRefused: (proxy) => last?.proxy === proxy,
    refused: (proxy) => {
      last = { proxy, untilMs: monotonicMs() + restMs };
      restMs = Math.min(restMs * 2, mostRestMs);
    },
    approved: () => {
      last = undefined;
      restMs = leastRestMs;
    },
  };
}
