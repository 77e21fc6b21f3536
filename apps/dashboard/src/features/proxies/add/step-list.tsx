import { Check, X } from 'lucide-react';
import { classNames } from '../../../components/class-names.ts';

const titles = ['Server', 'Policy', 'Confirm', 'Check', 'Connect'] as const;

/** Where one is in the wizard. */
export function StepList({
  current,
  failed,
}: {
  readonly current: number;
  /** A step that did not succeed, wherever one is by now. */
  readonly failed?: number | undefined;
}) {
  return (
    <ol aria-label="Steps" className="mb-5 flex items-center gap-2 text-xs">
      {titles.map((title, index) => {
        const isFailed = index === failed;
        const isDone = index < current && !isFailed;
        const isCurrent = index === current;
        return (
          <li
            key={title}
            aria-current={isCurrent ? 'step' : undefined}
            className={classNames(
              'flex min-w-0 items-center gap-1.5 not-last:flex-1',
              isCurrent ? 'font-medium text-ink' : 'text-muted',
            )}
          >
            <span
              aria-hidden
              className={classNames(
                'flex size-5 shrink-0 items-center justify-center rounded-full text-2xs font-semibold ring-1 ring-inset',
                isDone && 'bg-good-soft text-good ring-transparent',
                isFailed && 'bg-bad-soft text-bad ring-transparent',
                isCurrent && !isFailed && 'bg-primary text-on-primary ring-transparent',
                !isDone && !isCurrent && !isFailed && 'text-muted ring-line-strong',
              )}
            >
              {isFailed ? (
                <X className="size-3" strokeWidth={3} />
              ) : isDone ? (
                <Check className="size-3" strokeWidth={3} />
              ) : (
                index + 1
              )}
            </span>
            <span className={isCurrent ? '' : 'sr-only sm:not-sr-only'}>
              {title}
              {isFailed && <span className="sr-only"> failed</span>}
            </span>
            {index < titles.length - 1 && <span aria-hidden className="h-px min-w-2 flex-1 bg-line" />}
          </li>
        );
      })}
    </ol>
  );
}
