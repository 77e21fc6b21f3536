import { RadioGroup as Radix } from 'radix-ui';
import { type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

export interface RadioOption {
  readonly value: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}

/** One of a few, all of them seen. `label` names the group and stands above it. */
export function RadioGroup({
  label,
  value,
  onValueChange,
  options,
  inline = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly options: readonly RadioOption[];
  readonly inline?: boolean;
}) {
  const id = useId();
  return (
    <div>
      <div id={id} className="mb-1.5 text-xs font-medium">
        {label}
      </div>
      <Radix.Root
        aria-labelledby={id}
        value={value}
        onValueChange={onValueChange}
        className={classNames('flex gap-2', inline ? 'flex-row flex-wrap gap-x-4' : 'flex-col')}
      >
        {options.map((option, index) => (
          <div key={option.value} className="flex items-start gap-2">
            <Radix.Item
              id={`${id}-${index}`}
              value={option.value}
              disabled={option.disabled ?? false}
              className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-muted bg-surface data-[state=checked]:border-primary disabled:opacity-50"
            >
              <Radix.Indicator className="size-2 rounded-full bg-primary" />
            </Radix.Item>
            <label htmlFor={`${id}-${index}`} className="min-w-0 text-sm">
              {option.label}
              {option.hint !== undefined && <span className="block text-xs text-muted">{option.hint}</span>}
            </label>
          </div>
        ))}
      </Radix.Root>
    </div>
  );
}
