import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

const look = cva(
  'inline-flex h-5 max-w-full shrink-0 items-center gap-1 overflow-hidden whitespace-nowrap rounded px-1.5 text-2xs font-medium [&_svg]:size-3',
  {
    variants: {
      tone: {
        neutral: 'bg-sunken text-muted ring-1 ring-inset ring-line',
        good: 'bg-good-soft text-good',
        warn: 'bg-warn-soft text-warn',
        bad: 'bg-bad-soft text-bad',
        info: 'bg-info-soft text-info',
        accent: 'bg-accent-soft text-accent',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
);

export type Tone = NonNullable<VariantProps<typeof look>['tone']>;

export function Badge({ tone, className, ...rest }: ComponentProps<'span'> & { readonly tone?: Tone }) {
  return <span className={classNames(look({ tone }), className)} {...rest} />;
}

const toneOfEffect: Readonly<Record<string, Tone>> = { allow: 'good', ask: 'warn', deny: 'bad' };

/** What a policy said of a call: allow, ask or deny. */
export function EffectBadge({ effect }: { readonly effect: string }) {
  return <Badge tone={toneOfEffect[effect] ?? 'neutral'}>{effect}</Badge>;
}

const dots = {
  good: 'bg-good-solid',
  warn: 'bg-warn-solid',
  bad: 'bg-bad-solid',
  info: 'bg-info-solid',
  neutral: 'bg-line-strong',
} as const;

/** A state as a dot. It says nothing to who does not see it: words stand beside it. */
export function StatusDot({
  tone,
  pulsing = false,
  className,
}: {
  readonly tone: keyof typeof dots;
  readonly pulsing?: boolean;
  readonly className?: string;
}) {
  return (
    <span
      aria-hidden
      className={classNames('relative inline-flex size-2 shrink-0 rounded-full', dots[tone], className)}
    >
      {pulsing && (
        <span className={classNames('absolute inset-0 animate-ping rounded-full opacity-60', dots[tone])} />
      )}
    </span>
  );
}
