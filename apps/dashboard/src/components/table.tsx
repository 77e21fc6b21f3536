import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

/** A table that scrolls sideways by itself on a narrow window. Name it by `aria-label`. */
export function Table({ className, ...rest }: ComponentProps<'table'>) {
  return (
    <div
      className="relative w-full overflow-x-auto focus-visible:outline-offset-[-2px]"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
    >
      <table className={classNames('w-full border-collapse text-sm', className)} {...rest} />
    </div>
  );
}

export function TableHead({ className, ...rest }: ComponentProps<'thead'>) {
  return <thead className={classNames('bg-sunken/60', className)} {...rest} />;
}

export function TableBody(props: ComponentProps<'tbody'>) {
  return <tbody {...props} />;
}

export function TableRow({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr className={classNames('border-b border-line last:border-b-0', className)} {...rest} />;
}

export function HeadCell({ className, ...rest }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      className={classNames(
        'h-8 whitespace-nowrap border-b border-line px-3 text-left text-xs font-medium text-muted',
        className,
      )}
      {...rest}
    />
  );
}

export function Cell({ className, ...rest }: ComponentProps<'td'>) {
  return <td className={classNames('px-3 py-1.5 align-middle', className)} {...rest} />;
}
