import type { GrantOffer, GrantReach } from '@mcp-acp/shared/live/approval';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** What a person may choose in "What": this call alone, or one of what the rule offers. */
export interface GrantChoice {
  readonly key: string;
  readonly label: string;
  /** What follows from it, in a sentence. */
  readonly consequence: string;
  /** Of the backend's or the agent's making: shown as a path, apart from our words. */
  readonly path?: string;
  readonly offer?: GrantOffer;
}

export interface DurationChoice {
  readonly key: string;
  readonly label: string;
  /** Absent: as long as the rule lets it. */
  readonly forMs?: number;
}

export function grantChoices(offers: readonly GrantOffer[], tool: string): readonly GrantChoice[] {
  const once = { key: 'once', label: 'This call only', consequence: 'The next one is asked about again.' };
  return [once, ...offers.map((offer, index) => ({ key: `offer ${index}`, offer, ...wordsOf(offer, tool) }))];
}

function wordsOf(offer: GrantOffer, tool: string): Omit<GrantChoice, 'key' | 'offer'> {
  if (offer.scope === 'exact') {
    return {
      label: 'These exact arguments',
      consequence: `${tool} with exactly these arguments is let through.`,
    };
  }
  if (offer.scope === 'tool') {
    return {
      label: 'This tool',
      consequence: `Every call of ${tool} is let through, whatever its arguments are.`,
    };
  }
  const path = offer.path === undefined ? {} : { path: offer.path };
  return offer.folder === true
    ? { label: 'This folder', consequence: `${tool} is let through for everything in this folder.`, ...path }
    : { label: 'This path', consequence: `${tool} is let through for this path.`, ...path };
}

/** 5 minutes and an hour as far as the rule lets them, and the longest it lets. */
export function durationChoices(offer: GrantOffer): readonly DurationChoice[] {
  const { mostMs } = offer;
  const usual = [
    { key: '5m', label: '5 minutes', forMs: 5 * minuteMs },
    { key: '1h', label: '1 hour', forMs: hourMs },
  ].filter(({ forMs }) => mostMs === undefined || forMs < mostMs);
  const longest: DurationChoice =
    mostMs === undefined
      ? { key: 'longest', label: 'This session' }
      : { key: 'longest', label: `${longWords(mostMs)} (the longest the rule allows)` };
  return [...usual, longest];
}

export const muteDurations: readonly (DurationChoice & { readonly forMs: number })[] = [
  { key: '10m', label: '10 minutes', forMs: 10 * minuteMs },
  { key: '1h', label: '1 hour', forMs: hourMs },
  { key: 'session', label: 'This session, at most 24 hours', forMs: dayMs },
];

/** `uses` as it was typed; undefined in the answer where it is not a number the rule allows. */
export function usesOf(typed: string, offer: GrantOffer): { readonly uses?: number } | undefined {
  const text = typed.trim();
  if (text === '') return {};
  if (!/^\d{1,6}$/.test(text)) return undefined;
  const uses = Number(text);
  if (uses < 1 || uses > (offer.mostUses ?? Number.POSITIVE_INFINITY)) return undefined;
  return { uses };
}

/** How far the answer reaches; undefined for this call only. */
export function reachOf(
  choice: GrantChoice,
  duration: DurationChoice | undefined,
  uses: number | undefined,
): GrantReach | undefined {
  const { offer } = choice;
  if (offer === undefined) return undefined;
  return {
    scope: offer.scope,
    ...(offer.path === undefined ? {} : { path: offer.path }),
    ...(duration?.forMs === undefined ? {} : { forMs: duration.forMs }),
    ...(uses === undefined ? {} : { uses }),
  };
}

/** A time in whole words: `15 minutes`, `2 hours`. */
function longWords(ms: number): string {
  const [count, unit] =
    ms >= 2 * dayMs
      ? [ms / dayMs, 'day']
      : ms >= hourMs
        ? [ms / hourMs, 'hour']
        : ms >= minuteMs
          ? [ms / minuteMs, 'minute']
          : [ms / 1000, 'second'];
  const rounded = Math.round(count * 10) / 10;
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`;
}
