import { classNames } from '../../../components/class-names.ts';
import { formatLatency } from '../../../components/format-duration.ts';
import type { Segment } from './call-timing.ts';

const looks = {
  policy: { title: 'Policy', color: 'bg-accent' },
  person: { title: 'Person', color: 'bg-warn-solid' },
  backend: { title: 'Backend', color: 'bg-info-solid' },
  proxy: { title: 'Proxy', color: 'bg-muted' },
} as const;

/** Where the time of a call went, as a bar with its parts named below it. */
export function TimingBar({
  totalMs,
  segments,
}: {
  readonly totalMs: number;
  readonly segments: readonly Segment[];
}) {
  const shown = segments.filter(({ ms }) => ms > 0);
  return (
    <div>
      <div aria-hidden className="flex h-2.5 gap-px overflow-hidden rounded-full bg-sunken">
        {shown.map(({ part, share }) => (
          // What took next to nothing is still seen.
          <span
            key={part}
            className={classNames('h-full min-w-[3px]', looks[part].color)}
            style={{ flexGrow: share, flexBasis: 0 }}
          />
        ))}
      </div>
      <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
        {segments.map(({ part, ms }) => (
          <li key={part} className="inline-flex items-baseline gap-1.5">
            <span aria-hidden className={classNames('size-2 rounded-xs', looks[part].color)} />
            <span className="text-muted">{looks[part].title}</span>
            <span className="tabular-nums">{exact(ms)}</span>
          </li>
        ))}
        <li className="ml-auto text-muted">
          whole <span className="text-ink tabular-nums">{formatLatency(totalMs)}</span>
        </li>
      </ul>
    </div>
  );
}

/** Parts are often below what a list of calls cares for. */
const exact = (ms: number): string => (ms < 1 ? `${Math.round(ms * 1000)} µs` : formatLatency(ms));
