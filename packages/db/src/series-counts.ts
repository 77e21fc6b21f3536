import { isRequest, wasAllowed, wasDenied } from '@mcp-acp/shared/count-records';
import { bucketOf } from '@mcp-acp/shared/histogram';
import type { DecisionBody } from '@mcp-acp/shared/journal-record';
import { addHistograms, type StoredHistogram } from './histogram-blob.ts';
import type { RecordWords } from './record-words.ts';

export const latencyNames = ['call', 'backend', 'evaluation', 'humanWait'] as const;
export type LatencyName = (typeof latencyNames)[number];
export const countNames = ['requests', 'allowed', 'denied', 'allow', 'ask', 'deny'] as const;
export type CountName = (typeof countNames)[number];

/** What one bucket of the series holds, or what is to be added to it. Counts to be taken away are negative. */
export interface SeriesCounts {
  readonly counts: Record<CountName, number>;
  readonly statuses: Map<string, number>;
  readonly latency: Record<LatencyName, StoredHistogram>;
}

const empty: StoredHistogram = { sumUs: 0, buckets: [] };

export const noCounts = (): SeriesCounts => ({
  counts: { requests: 0, allowed: 0, denied: 0, allow: 0, ask: 0, deny: 0 },
  statuses: new Map(),
  latency: { call: empty, backend: empty, evaluation: empty, humanWait: empty },
});

export interface SeriesPlace {
  readonly proxy: string;
  readonly tool: string;
  /** Beginning of the minute. */
  readonly start: number;
}

/** The durations of a row, in microseconds. */
export interface RowTimes {
  readonly time: number;
  readonly evalUs: number | null;
  readonly waitUs: number | null;
  readonly durationUs: number | null;
  readonly backendUs: number | null;
}

/** Gathers what records add to the series, by minute, proxy and tool. Counts by the rules of `count-records.ts`. */
export interface SeriesGatherer {
  decided(decision: RecordWords, times: RowTimes, sign: 1 | -1): void;
  /** `decision` are the words of the outcome's decision and the time a person took for it, `status` is the outcome's. */
  finished(
    decision: { readonly words: RecordWords; readonly waitUs: number | null },
    outcome: RowTimes & { readonly status: string | null },
    sign: 1 | -1,
  ): void;
  all(): readonly (SeriesPlace & SeriesCounts)[];
}

export const minuteMs = 60_000;

interface Gathered extends SeriesPlace {
  readonly counts: Record<CountName, number>;
  readonly statuses: Map<string, number>;
  readonly latency: Record<LatencyName, { sumUs: number; readonly counts: Map<number, number> }>;
}

const gathered = (place: SeriesPlace): Gathered => ({
  ...place,
  counts: noCounts().counts,
  statuses: new Map(),
  latency: {
    call: { sumUs: 0, counts: new Map() },
    backend: { sumUs: 0, counts: new Map() },
    evaluation: { sumUs: 0, counts: new Map() },
    humanWait: { sumUs: 0, counts: new Map() },
  },
});

const bump = <Key>(counts: Map<Key, number>, key: Key, more: number): void => {
  counts.set(key, (counts.get(key) ?? 0) + more);
};

export function gatherSeries(): SeriesGatherer {
  const places = new Map<string, Gathered>();

  const at = ({ proxyName, tool }: RecordWords, time: number): Gathered => {
    const start = Math.floor(time / minuteMs) * minuteMs;
    const key = `${start} ${proxyName} ${tool ?? ''}`;
    let found = places.get(key);
    if (found === undefined) {
      found = gathered({ proxy: proxyName, tool: tool ?? '', start });
      places.set(key, found);
    }
    return found;
  };

  const measure = (place: Gathered, name: LatencyName, us: number | null, sign: 1 | -1): void => {
    if (us === null) return;
    const latency = place.latency[name];
    latency.sumUs += sign * us;
    bump(latency.counts, bucketOf(us / 1000), sign);
  };

  return {
    decided: (decision, times, sign) => {
      const body = decision as unknown as DecisionBody;
      if (!isRequest(body)) return;
      const place = at(decision, times.time);
      place.counts.requests += sign;
      if (wasAllowed(body)) place.counts.allowed += sign;
      else if (wasDenied(body)) place.counts.denied += sign;
      const { effect } = body;
      if (effect === 'allow' || effect === 'ask' || effect === 'deny') place.counts[effect] += sign;
      if (body.class !== 'access') return;
      measure(place, 'evaluation', times.evalUs, sign);
      if (times.waitUs !== null && times.waitUs > 0) measure(place, 'humanWait', times.waitUs, sign);
    },
    finished: ({ words: decision, waitUs }, outcome, sign) => {
      if (decision.class !== 'access' || decision.disposition !== 'forwarded') return;
      const place = at(decision, outcome.time);
      bump(place.statuses, outcome.status ?? '', sign);
      const { durationUs } = outcome;
      measure(place, 'call', durationUs === null ? null : Math.max(0, durationUs - (waitUs ?? 0)), sign);
      measure(place, 'backend', outcome.backendUs, sign);
    },
    all: () => [...places.values()].map(stored),
  };
}

function stored({ proxy, tool, start, counts, statuses, latency }: Gathered): SeriesPlace & SeriesCounts {
  const histogram = (name: LatencyName): StoredHistogram => ({
    sumUs: latency[name].sumUs,
    buckets: [...latency[name].counts].sort(([one], [other]) => one - other),
  });
  return {
    proxy,
    tool,
    start,
    counts,
    statuses,
    latency: {
      call: histogram('call'),
      backend: histogram('backend'),
      evaluation: histogram('evaluation'),
      humanWait: histogram('humanWait'),
    },
  };
}

/** The sum of two. */
export function addCounts(to: SeriesCounts, more: SeriesCounts): SeriesCounts {
  const counts = { ...to.counts };
  for (const name of countNames) counts[name] += more.counts[name];
  const statuses = new Map(to.statuses);
  for (const [status, count] of more.statuses) bump(statuses, status, count);
  const latency = { ...to.latency };
  for (const name of latencyNames) latency[name] = addHistograms(to.latency[name], more.latency[name]);
  return { counts, statuses, latency };
}
