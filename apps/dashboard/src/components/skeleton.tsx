import { classNames } from './class-names.ts';

/** Holds the place of what is being read. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={classNames('h-4 animate-pulse rounded bg-hover', className)} />;
}

/** Lines of it, with the word for who does not see them. */
export function Loading({ lines = 3, className }: { readonly lines?: number; readonly className?: string }) {
  return (
    <div role="status" className={classNames('space-y-2.5 p-4', className)}>
      <span className="sr-only">Loading…</span>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are all alike.
        <Skeleton key={index} className={index % 3 === 2 ? 'w-2/3' : 'w-full'} />
      ))}
    </div>
  );
}
