import { sparklinePath } from './sparkline-path.ts';

const width = 120;
const height = 28;

/** A small chart of counts over time. `label` says the same in words, for whoever does not see it. */
export function Sparkline({
  points,
  label,
}: {
  readonly points: readonly (number | null)[];
  readonly label: string;
}) {
  const { line, area } = sparklinePath(points, { width, height });
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="h-7 w-full overflow-visible text-accent"
    >
      <path d={area} fill="currentColor" opacity={0.14} />
      <path
        d={line}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
