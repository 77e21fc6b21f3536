import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export interface SelectOption {
  /** Never empty: an empty value means that nothing is chosen. */
  readonly value: string;
  readonly label: ReactNode;
  readonly disabled?: boolean;
}

/** One of several. Named by a label whose `htmlFor` is `id`, or by `label`. */
export function Select({
  value,
  onValueChange,
  options,
  label,
  id,
  placeholder,
  size = 'md',
  disabled = false,
  className,
  ...described
}: {
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly options: readonly SelectOption[];
  readonly label?: string;
  readonly id?: string;
  readonly placeholder?: string;
  readonly size?: 'sm' | 'md';
  readonly disabled?: boolean;
  readonly className?: string;
  readonly 'aria-describedby'?: string | undefined;
  readonly 'aria-invalid'?: true | undefined;
}) {
  return (
    <Radix.Root value={value} onValueChange={onValueChange} disabled={disabled}>
      <Radix.Trigger
        {...(id === undefined ? {} : { id })}
        {...(label === undefined ? {} : { 'aria-label': label })}
        {...described}
        className={classNames(
          'inline-flex w-full min-w-0 items-center justify-between gap-2 rounded-md border border-line-strong bg-surface text-left shadow-card transition-colors hover:border-muted disabled:bg-sunken disabled:text-muted aria-invalid:border-bad data-[placeholder]:text-muted [&>span]:truncate',
          size === 'md' ? 'h-8 px-2.5 text-sm' : 'h-7 px-2 text-xs',
          className,
        )}
      >
        <Radix.Value placeholder={placeholder} />
        <Radix.Icon asChild>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-muted" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className="z-50 max-h-[min(24rem,var(--radix-select-content-available-height))] min-w-[var(--radix-select-trigger-width)] overflow-hidden rounded-lg border border-line bg-raised shadow-raised data-[state=open]:animate-in data-[state=open]:fade-in-0"
        >
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled ?? false}
                className="relative flex h-7 cursor-default select-none items-center rounded-md pr-7 pl-2 text-sm outline-none data-[highlighted]:bg-hover data-[disabled]:opacity-50"
              >
                <Radix.ItemText>{option.label}</Radix.ItemText>
                <Radix.ItemIndicator className="absolute right-2">
                  <Check aria-hidden className="size-3.5" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
