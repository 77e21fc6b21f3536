import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

const look =
  'w-full min-w-0 rounded-md border border-line-strong bg-surface text-sm shadow-card transition-colors hover:border-muted aria-invalid:border-bad disabled:bg-sunken disabled:text-muted focus-visible:outline-offset-0';

export function Input({ className, type = 'text', ...rest }: ComponentProps<'input'>) {
  return (
    <input
      type={type}
      autoComplete="off"
      spellCheck={false}
      className={classNames(look, 'h-8 px-2.5', className)}
      {...rest}
    />
  );
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      autoComplete="off"
      spellCheck={false}
      className={classNames(look, 'min-h-20 px-2.5 py-1.5 leading-5', className)}
      {...rest}
    />
  );
}
