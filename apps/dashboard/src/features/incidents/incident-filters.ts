export const spans = {
  day: { label: 'Last 24 hours', ms: 86_400_000 },
  week: { label: 'Last 7 days', ms: 7 * 86_400_000 },
  month: { label: 'Last 30 days', ms: 30 * 86_400_000 },
  all: { label: 'Any time', ms: undefined },
} as const;
export type Span = keyof typeof spans;

export interface IncidentFilters {
  readonly proxy?: string;
  readonly code?: string;
  readonly span: Span;
  readonly unreadOnly: boolean;
}

const fallback: IncidentFilters = { span: 'all', unreadOnly: false };

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= 128 ? value : undefined;

/** Filters as they were kept; what is none of ours counts as not chosen. */
export function readFilters(kept: string | null): IncidentFilters {
  const value = parsed(kept);
  const proxy = textOf(value.proxy);
  const code = textOf(value.code);
  const span = textOf(value.span);
  return {
    ...(proxy === undefined ? {} : { proxy }),
    ...(code === undefined ? {} : { code }),
    span: span !== undefined && Object.hasOwn(spans, span) ? (span as Span) : fallback.span,
    unreadOnly: value.unreadOnly === true,
  };
}

function parsed(kept: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(kept ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

export const isFiltered = ({ proxy, code, span, unreadOnly }: IncidentFilters): boolean =>
  proxy !== undefined || code !== undefined || span !== 'all' || unreadOnly;

const hourMs = 3_600_000;

/** The question to the history. `now` is cut to the hour, so that the same filters are the same question for a while. */
export const queryOf = ({ proxy, code, span, unreadOnly }: IncidentFilters, now: number) => ({
  ...(proxy === undefined ? {} : { proxy }),
  ...(code === undefined ? {} : { code }),
  ...(spans[span].ms === undefined ? {} : { since: Math.floor(now / hourMs) * hourMs - spans[span].ms }),
  ...(unreadOnly ? { unreadOnly } : {}),
  limit: 50,
});
