export interface LineBudget {
  /** Whether one more line may be written now. */
  spend(): boolean;
  /** Tells of what was left out since it was last told, at once. */
  close(): void;
}

export interface LineBudgetOptions {
  /** Lines in one window. */
  readonly most: number;
  /** Milliseconds. */
  readonly windowMs: number;
  /** Told after a window in which lines were left out, of how many. */
  readonly leftOut: (lines: number) => void;
}

/**
 * Bounds what anybody who reaches the port can have written: one writes the log synchronously, and it keeps a bounded
 * size, so that a flood would hold up the manager and push out the lines that matter.
 */
export function createLineBudget({ most, windowMs, leftOut }: LineBudgetOptions): LineBudget {
  let spent = 0;
  let left = 0;
  let timer: NodeJS.Timeout | undefined;

  const end = (): void => {
    clearTimeout(timer);
    timer = undefined;
    spent = 0;
    const lines = left;
    left = 0;
    if (lines > 0) leftOut(lines);
  };

  return {
    spend: () => {
      timer ??= setTimeout(end, windowMs).unref();
      if (spent < most) {
        spent++;
        return true;
      }
      left++;
      return false;
    },
    close: end,
  };
}
