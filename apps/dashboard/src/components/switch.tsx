import { Switch as Radix } from 'radix-ui';

/** Named by a label whose `htmlFor` is `id`, or by `label`. */
export function Switch({
  checked,
  onCheckedChange,
  id,
  label,
  disabled = false,
  ...described
}: {
  readonly checked: boolean;
  readonly onCheckedChange: (checked: boolean) => void;
  readonly id?: string;
  readonly label?: string;
  readonly disabled?: boolean;
  readonly 'aria-describedby'?: string | undefined;
}) {
  return (
    <Radix.Root
      {...(id === undefined ? {} : { id })}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...described}
      checked={checked}
      disabled={disabled}
      onCheckedChange={onCheckedChange}
      className="inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-muted bg-sunken px-0.5 transition-colors data-[state=checked]:border-good-solid data-[state=checked]:bg-good-solid disabled:opacity-50"
    >
      <Radix.Thumb className="size-3.5 rounded-full bg-muted transition-transform data-[state=checked]:translate-x-4 data-[state=checked]:bg-white" />
    </Radix.Root>
  );
}
