/** Decides which of many alike events are worth a record. */
export interface FloodGate {
  /** Counts one event. True for the first `always`, then for every one whose number is a power of two. */
  admit(): boolean;
  count(): number;
}

export function createFloodGate(always = 1000): FloodGate {
  let count = 0;
  return {
    admit: () => {
      count++;
      return count <= always || Number.isInteger(Math.log2(count));
    },
    count: () => count,
  };
}
