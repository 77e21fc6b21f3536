import { Checkbox } from '../../components/checkbox.tsx';
import { Select } from '../../components/select.tsx';
import { type IncidentFilters, type Span, spans } from './incident-filters.ts';
import { knownCodes, whatToDo } from './what-to-do.ts';

const any = 'any';

export function FilterLine({
  filters,
  onChange,
  proxies,
}: {
  readonly filters: IncidentFilters;
  readonly onChange: (filters: IncidentFilters) => void;
  readonly proxies: readonly string[];
}) {
  const { proxy, code, ...rest } = filters;
  const set = (next: { readonly proxy?: string | undefined; readonly code?: string | undefined }): void =>
    onChange({
      ...rest,
      ...(next.proxy === undefined ? {} : { proxy: next.proxy }),
      ...(next.code === undefined ? {} : { code: next.code }),
    });
  const names = proxy === undefined || proxies.includes(proxy) ? proxies : [proxy, ...proxies];
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <Select
        label="Proxy"
        className="w-40"
        value={proxy ?? any}
        onValueChange={(chosen) => set({ code, proxy: chosen === any ? undefined : chosen })}
        options={[
          { value: any, label: 'All proxies' },
          ...names.map((name) => ({ value: name, label: name })),
        ]}
      />
      <Select
        label="Kind"
        className="w-64 max-sm:w-full"
        value={code ?? any}
        onValueChange={(chosen) => set({ proxy, code: chosen === any ? undefined : chosen })}
        options={[
          { value: any, label: 'All kinds' },
          ...knownCodes.map((known) => ({ value: known, label: whatToDo(known, undefined).title })),
        ]}
      />
      <Select
        label="Time"
        className="w-36"
        value={filters.span}
        onValueChange={(span) => onChange({ ...filters, span: span as Span })}
        options={Object.entries(spans).map(([value, { label }]) => ({ value, label }))}
      />
      <Checkbox
        label="Unread only"
        checked={filters.unreadOnly}
        onCheckedChange={(unreadOnly) => onChange({ ...filters, unreadOnly })}
      />
    </div>
  );
}
