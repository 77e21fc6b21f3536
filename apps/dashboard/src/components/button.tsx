import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

const look = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-3.5 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        default:
          'border-line-strong bg-surface text-ink shadow-card hover:bg-hover data-[state=open]:bg-hover',
        primary: 'border-transparent bg-primary text-on-primary shadow-card hover:opacity-90',
        good: 'border-transparent bg-good-solid text-white shadow-card hover:opacity-90',
        danger: 'border-transparent bg-bad-solid text-white shadow-card hover:opacity-90',
        'danger-quiet': 'border-line-strong bg-surface text-bad shadow-card hover:bg-bad-soft',
        ghost: 'border-transparent text-muted hover:bg-hover hover:text-ink data-[state=open]:bg-hover',
        link: 'border-transparent px-0 text-accent underline-offset-4 hover:underline',
      },
      size: {
        sm: 'h-7 px-2 text-xs',
        md: 'h-8 px-3 text-sm',
        icon: 'size-8 [&_svg]:size-4',
        'icon-sm': 'size-7',
      },
    },
    compoundVariants: [{ variant: 'link', className: 'h-auto px-0' }],
    defaultVariants: { variant: 'default', size: 'md' },
  },
);

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof look> {
  /** The one child is drawn as the button: a link, say. */
  readonly asChild?: boolean;
}

export function Button({ variant, size, asChild = false, className, type, ...rest }: ButtonProps) {
  const Drawn = asChild ? Slot.Root : 'button';
  return (
    <Drawn
      {...(asChild ? {} : { type: type ?? 'button' })}
      className={classNames(look({ variant, size }), className)}
      {...rest}
    />
  );
}
