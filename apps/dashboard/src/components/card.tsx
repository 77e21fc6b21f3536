import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';

export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return (
    <section
      className={classNames('min-w-0 rounded-lg border border-line bg-surface shadow-card', className)}
      {...rest}
    />
  );
}

/** The line on top of a card. `title` becomes a heading; give it an id to name a region by it. */
export function CardHeader({
  title,
  id,
  note,
  children,
  className,
}: {
  readonly title: ReactNode;
  readonly id?: string;
  /** A word beside the title: a count, a state. */
  readonly note?: ReactNode;
  /** What can be done. */
  readonly children?: ReactNode;
  readonly className?: string;
}) {
  return (
    <div
      className={classNames(
        'flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5',
        className,
      )}
    >
      <h2 id={id} className="text-sm font-semibold">
        {title}
      </h2>
      {note !== undefined && <div className="text-xs text-muted">{note}</div>}
      {children !== undefined && <div className="ml-auto flex items-center gap-2">{children}</div>}
    </div>
  );
}

export function CardBody({ className, ...rest }: ComponentProps<'div'>) {
  return <div className={classNames('p-4', className)} {...rest} />;
}
