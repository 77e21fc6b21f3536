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

const isPlace = (text: string): boolean => /^(?:~?\/|\.{1,2}\/|[a-z][a-z0-9+.-]*:\/\/)/i.test(text);

/** The first path or URL among the arguments that were kept of a call. */
export function destinationIn(payload: string | undefined): string | undefined {
  const read = (value: unknown, depth: number): string | undefined => {
    if (typeof value === 'string') return isPlace(value) ? value : undefined;
    if (typeof value !== 'object' || value === null || depth === 0) return undefined;
    for (const member of Object.values(value)) {
      const found = read(member, depth - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  try {
    return payload === undefined ? undefined : read(JSON.parse(payload), 4);
  } catch {
    return undefined;
  }
}
