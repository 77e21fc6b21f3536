/** Whether scripts may be loaded at all, and who wants to know when that changes. */
export interface ScriptsAllowed {
  readonly isLost: () => boolean;
  /** Returns what ends it. */
  readonly watch: (tell: () => void) => () => void;
}

/** So long after a failed load its reason, a connection that is lost, may become known. Milliseconds. */
const noticedMs = 1_500;
const mostAttempts = 3;

/**
 * Loads a part of a page. While the connection is lost no script is asked for, and one that was under way may never
 * settle: it is asked for again once the connection is back. What fails although there is a connection rejects in the end.
 */
export async function loadPart<Part>(load: () => Promise<Part>, scripts: ScriptsAllowed): Promise<Part> {
  for (let failures = 0; ; ) {
    const back = untilBack(scripts);
    try {
      if (scripts.isLost()) {
        await back.promise;
        continue;
      }
      const settled = load().then(
        (part) => ({ part }),
        (error: unknown) => ({ error }),
      );
      const first = await Promise.race([settled, back.promise]);
      if (first === undefined) continue;
      if ('part' in first) return first.part;
      failures++;
      if (!scripts.isLost())
        await Promise.race([back.promise, new Promise((tell) => setTimeout(tell, noticedMs))]);
      if (scripts.isLost()) {
        failures = 0;
        await back.promise;
      }
      if (failures >= mostAttempts) throw first.error;
    } finally {
      back.stop();
    }
  }
}

/** Resolves when the connection was lost and is there again. */
function untilBack({ isLost, watch }: ScriptsAllowed) {
  let stop = (): void => undefined;
  const promise = new Promise<undefined>((resolve) => {
    let wasLost = isLost();
    stop = watch(() => {
      if (wasLost && !isLost()) resolve(undefined);
      wasLost = isLost();
    });
  });
  return { promise, stop: () => stop() };
}
