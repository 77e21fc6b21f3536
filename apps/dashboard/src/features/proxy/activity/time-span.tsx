import { Input } from '../../../components/input.tsx';

const two = (value: number): string => String(value).padStart(2, '0');

/** As `datetime-local` has it: the reader's own time. */
function localText(time: number | undefined): string {
  if (time === undefined) return '';
  const date = new Date(time);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

const timeOf = (text: string): number | undefined => {
  const time = new Date(text).getTime();
  return Number.isNaN(time) ? undefined : time;
};

/** A span of time of a person's own. Milliseconds since the epoch. */
export function TimeSpan({
  since,
  until,
  onChange,
}: {
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly onChange: (span: {
    readonly since: number | undefined;
    readonly until: number | undefined;
  }) => void;
}) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5 text-muted text-xs max-sm:col-span-2">
      <Input
        type="datetime-local"
        aria-label="From"
        className="w-auto"
        value={localText(since)}
        onChange={({ target }) => onChange({ since: timeOf(target.value), until })}
      />
      to
      <Input
        type="datetime-local"
        aria-label="To"
        className="w-auto"
        value={localText(until)}
        onChange={({ target }) => onChange({ since, until: timeOf(target.value) })}
      />
    </span>
  );
}
