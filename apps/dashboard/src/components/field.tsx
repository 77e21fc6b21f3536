import { type ReactNode, useId } from 'react';

/** What a control inside a field is given, so that label, hint and error belong to it. */
export interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** A label above a control, with a hint or an error below it. */
export function Field({
  label,
  hint,
  error,
  children,
  className,
}: {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly children: (ids: FieldIds) => ReactNode;
  readonly className?: string;
}) {
  const id = useId();
  const hasMore = hint !== undefined || error !== undefined;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-xs font-medium">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': hasMore ? `${id}-more` : undefined,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {hasMore && (
        <p
          id={`${id}-more`}
          className={error === undefined ? 'mt-1 text-xs text-muted' : 'mt-1 text-xs text-bad'}
        >
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
