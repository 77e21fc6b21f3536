import { visible } from '@mcp-acp/shared/visible';
import type { LiveInstance } from './live-state.ts';
import { uptimeMs } from './live-state.ts';

/** An instance's live state as data for `--json`. Times in milliseconds; words of client and backend are foreign. */
export interface Figures {
  readonly client?: string;
  readonly clientVersion?: string;
  readonly uptimeMs: number;
  readonly requests: number;
  readonly allowed: number;
  readonly denied: number;
  readonly asked: number;
  readonly inFlight: number;
  readonly pending: number;
  readonly medianMs?: number;
  readonly p95Ms?: number;
  readonly tools?: number;
}

export function figuresOf({
  client,
  startedAt,
  statistics,
  inFlight,
  pending,
  tools,
}: LiveInstance): Figures {
  const { requests, allowed, denied, asked, latency } = statistics;
  const { medianMs, p95Ms } = latency.call;
  return {
    ...(client === undefined ? {} : { client: client.name }),
    ...(client?.version === undefined ? {} : { clientVersion: client.version }),
    uptimeMs: uptimeMs(startedAt),
    requests,
    allowed,
    denied,
    asked,
    inFlight,
    pending,
    ...(medianMs === undefined ? {} : { medianMs }),
    ...(p95Ms === undefined ? {} : { p95Ms }),
    ...(tools === undefined ? {} : { tools }),
  };
}

/** The same as one line for a person. */
export function figuresLine(figures: Figures): string {
  const { requests, denied, pending, medianMs } = figures;
  return [
    clientText(figures),
    `${requests} ${requests === 1 ? 'request' : 'requests'}`,
    `${denied} denied`,
    `${pending} pending`,
    ...(medianMs === undefined ? [] : [`median ${milliseconds(medianMs)}`]),
  ].join(', ');
}

/** That somebody waits for this person, and what to do. */
export function waitingLines(all: readonly Pick<Figures, 'pending'>[]): readonly string[] {
  const count = all.reduce((total, { pending }) => total + pending, 0);
  if (count === 0) return [];
  return [`${count} ${count === 1 ? 'call waits' : 'calls wait'} for your answer: mcp-acp approvals watch`];
}

export const figureHeadings = ['CLIENT', 'UP', 'REQUESTS', 'DENIED', 'PENDING', 'MEDIAN'] as const;

/** The figures of a proxy's instances together, as cells under {@link figureHeadings}. */
export function figureCells(all: readonly Figures[]): readonly string[] {
  if (all.length === 0) return figureHeadings.map(() => '-');
  const sum = (of: (figures: Figures) => number): string =>
    String(all.reduce((total, figures) => total + of(figures), 0));
  const [first = '', second, ...others] = new Set(all.map(clientText));
  const medians = all.flatMap(({ medianMs }) => (medianMs === undefined ? [] : [medianMs]));
  return [
    `${first}${second === undefined ? '' : `, ${second}`}${others.length === 0 ? '' : ` and ${others.length} more`}`,
    duration(Math.max(...all.map((figures) => figures.uptimeMs))),
    sum(({ requests }) => requests),
    sum(({ denied }) => denied),
    sum(({ pending }) => pending),
    medianText(medians),
  ];
}

/** Medians of several instances do not add up to one; they are told from the least to the most. */
function medianText(medians: readonly number[]): string {
  if (medians.length === 0) return '-';
  const [least, most] = [Math.min(...medians), Math.max(...medians)].map(milliseconds);
  return least === most ? `${least}` : `${least} to ${most}`;
}

const clientText = ({ client, clientVersion }: Figures): string =>
  client === undefined
    ? 'no client yet'
    : visible(clientVersion === undefined ? client : `${client} ${clientVersion}`, 60);

const milliseconds = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;

/** How long, in the two largest units that say something. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return '0 s';
  let left = seconds;
  const words = units.slice(first, first + 2).flatMap(([name, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  return words.join(' ');
}
