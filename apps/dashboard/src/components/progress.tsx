import { Progress as Radix } from 'radix-ui';

/** How far something is. Nothing is known of how far while `total` is 0. */
export function Progress({
  label,
  done,
  total,
}: {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}) {
  const percent = total > 0 ? Math.min(100, Math.round((100 * done) / total)) : null;
  return (
    <Radix.Root
      aria-label={label}
      value={percent}
      className="relative h-1.5 w-full overflow-hidden rounded-full bg-hover"
    >
      <Radix.Indicator
        className={
          percent === null
            ? 'h-full w-1/3 animate-pulse rounded-full bg-accent'
            : 'h-full rounded-full bg-accent transition-[width]'
        }
        style={percent === null ? {} : { width: `${percent}%` }}
      />
    </Radix.Root>
  );
}
