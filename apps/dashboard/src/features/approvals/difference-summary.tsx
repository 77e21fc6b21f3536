import { formatCounted } from '../../components/format-number.ts';

/** In a line how many arguments are not as they were. */
export function DifferenceSummary({
  count,
  more,
  words,
  isPart,
}: {
  readonly count: number;
  readonly more: boolean;
  readonly words: string;
  /** One of the two is not known to its end. */
  readonly isPart: boolean;
}) {
  return (
    <p className="mb-1.5 text-xs text-muted">
      {count === 0 ? (
        `Nothing differs from ${words}.`
      ) : (
        <>
          <span className="font-medium text-warn">
            {more ? 'More than ' : ''}
            {formatCounted(count, 'difference')}
          </span>{' '}
          from {words}.
        </>
      )}
      {isPart && ' Only their beginnings could be compared.'}
    </p>
  );
}
