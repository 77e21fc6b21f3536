import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { CircleAlert } from 'lucide-react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { ForeignText } from './foreign-text.tsx';

/** What went wrong, and what to do about it. */
export function ErrorPanel({
  error,
  onRetry,
  className,
}: {
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly className?: string;
}) {
  const { message, fix } = acpErrorOf(error);
  return (
    <div
      role="alert"
      className={classNames(
        'flex items-start gap-2.5 rounded-lg border border-bad/30 bg-bad-soft px-3.5 py-2.5',
        className,
      )}
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium">
          <ForeignText text={message} max={2_000} />
        </p>
        {fix !== undefined && (
          <p className="mt-0.5 text-sm text-muted">
            <ForeignText text={fix} max={2_000} />
          </p>
        )}
      </div>
      {onRetry !== undefined && (
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
