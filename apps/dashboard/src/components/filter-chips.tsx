import { ToggleGroup } from 'radix-ui';

/** One of several ways to narrow a list, as a row of chips with their counts. */
export function FilterChips<Value extends string>({
  label,
  value,
  onChange,
  chips,
}: {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly chips: readonly { readonly value: Value; readonly label: string; readonly count?: number }[];
}) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const chosen = chips.find((chip) => chip.value === next);
        if (chosen !== undefined) onChange(chosen.value);
      }}
      className="flex flex-wrap gap-1.5"
    >
      {chips.map((chip) => (
        <ToggleGroup.Item
          key={chip.value}
          value={chip.value}
          className="inline-flex h-7 items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 text-xs font-medium text-muted transition-colors hover:text-ink data-[state=on]:border-primary data-[state=on]:bg-primary data-[state=on]:text-on-primary"
        >
          {chip.label}
          {chip.count !== undefined && <span className="tabular-nums opacity-80">{chip.count}</span>}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
