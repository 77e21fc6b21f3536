/** A call as the history lists it. */
export interface ListedCall {
  readonly instance: string;
  readonly seq: number;
  readonly time: string;
  readonly tool?: string | undefined;
  readonly effect?: string | undefined;
  readonly disposition?: string | undefined;
}

export interface RecentCalls {
  readonly calls: readonly ListedCall[];
  /** Each once, sorted. */
  readonly tools: readonly string[];
}

const mostCalls = 30;

/** Calls that can be tried again, newest first, and all tools among them. */
export function recentCallsOf({ records }: { readonly records: readonly ListedCall[] }): RecentCalls {
  const withTool = records.filter(({ tool }) => tool !== undefined && tool !== '');
  return {
    calls: withTool.slice(0, mostCalls),
    tools: [...new Set(withTool.map(({ tool }) => tool ?? ''))].sort(),
  };
}
