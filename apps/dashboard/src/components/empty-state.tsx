import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** In place of what is not there yet: why, and what leads to it. */
export function EmptyState({
  title,
  children,
  icon,
  action,
  className,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly icon?: ReactNode;
  readonly action?: ReactNode;
  readonly className?: string;
}) {
  return (
    <div className={classNames('flex flex-col items-center px-6 py-10 text-center', className)}>
      {icon !== undefined && <div className="mb-3 text-muted [&_svg]:size-6">{icon}</div>}
      <p className="text-sm font-medium">{title}</p>
      {children !== undefined && <div className="mt-1 max-w-md text-sm text-muted">{children}</div>}
      {action !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
