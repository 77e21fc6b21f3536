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
    <fieldset aria-label={label} className="flex flex-wrap gap-1.5">
      {chips.map((chip) => (
        <button
          key={chip.value}
          type="button"
          aria-pressed={chip.value === value}
          onClick={() => onChange(chip.value)}
          className="inline-flex h-7 items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 text-xs font-medium text-muted transition-colors hover:text-ink aria-pressed:border-primary aria-pressed:bg-primary aria-pressed:text-on-primary"
        >
          {chip.label}
          {chip.count !== undefined && <span className="tabular-nums">{chip.count}</span>}
        </button>
      ))}
    </fieldset>
  );
}
