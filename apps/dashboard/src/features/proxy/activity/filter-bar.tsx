'use client';

import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { classNames } from '../../../components/class-names.ts';
import { formatTime } from '../../../components/format-time.ts';
import { Input } from '../../../components/input.tsx';
import { Select, type SelectOption } from '../../../components/select.tsx';
import type { ProxySeen } from '../answers.ts';
import {
  type ActivityFilters,
  countFilters,
  type Effect,
  type TimeRange,
  timeRanges,
} from './activity-filters.ts';
import { type OutcomeFilter, outcomeFilters } from './outcomes.ts';
import { TimeSpan } from './time-span.tsx';

const any = 'any';
const typedAfterMs = 300;

const effects: readonly SelectOption[] = [
  { value: any, label: 'Any decision' },
  { value: 'allow', label: 'Allow' },
  { value: 'ask', label: 'Ask' },
  { value: 'deny', label: 'Deny' },
];
const outcomes: readonly SelectOption[] = [
  { value: any, label: 'Any outcome' },
  ...Object.entries(outcomeFilters).map(([value, { title }]) => ({ value, label: title })),
];
const ranges: readonly SelectOption[] = [
  { value: any, label: 'Any time' },
  ...Object.entries(timeRanges).map(([value, { title }]) => ({ value, label: title })),
  { value: 'custom', label: 'From … to …' },
];

/** What narrows the table. Everything stands in the address, so a view can be kept and sent. */
export function FilterBar({
  proxy,
  filters,
  onChange,
}: {
  readonly proxy: ProxySeen;
  readonly filters: ActivityFilters;
  readonly onChange: (filters: ActivityFilters) => void;
}) {
  const set = (
    changed: { readonly [Name in keyof ActivityFilters]?: ActivityFilters[Name] | undefined },
  ): void =>
    onChange(
      Object.fromEntries(
        Object.entries({ ...filters, ...changed }).filter(([, value]) => value !== undefined && value !== ''),
      ) as never,
    );
  const isCalls = filters.kind === 'calls';
  const isCustom =
    filters.range === undefined && (filters.since !== undefined || filters.until !== undefined);
  const count = countFilters(filters);
  return (
    <search className="grid grid-cols-2 items-center gap-2 sm:flex sm:flex-wrap" aria-label="Filters">
      <div className="relative min-w-48 flex-1 basis-56 max-sm:col-span-2">
        <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-3.5 text-muted" />
        <TypedFilter
          label="Search"
          type="search"
          value={filters.text}
          className="pl-8"
          placeholder="Tool, method, client, rule, reason …"
          onChange={(text) => set({ text })}
        />
      </div>
      <Select
        label="Time"
        className="w-full sm:w-auto sm:min-w-32"
        value={isCustom ? 'custom' : (filters.range ?? any)}
        options={ranges}
        onValueChange={(value) => {
          const isOwn = value === 'custom';
          set({
            range: isOwn || value === any ? undefined : (value as TimeRange),
            since: isOwn ? Date.now() - timeRanges['24h'].ms : undefined,
            until: undefined,
          });
        }}
      />
      {isCustom && <TimeSpan since={filters.since} until={filters.until} onChange={(span) => set(span)} />}
      {isCalls && (
        <>
          <Select
            label="Decision"
            className="w-full sm:w-auto sm:min-w-28"
            value={filters.effect ?? any}
            options={effects}
            onValueChange={(value) => set({ effect: value === any ? undefined : (value as Effect) })}
          />
          <Select
            label="Outcome"
            className="w-full sm:w-auto sm:min-w-28"
            value={filters.outcome ?? any}
            options={outcomes}
            onValueChange={(value) => set({ outcome: value === any ? undefined : (value as OutcomeFilter) })}
          />
        </>
      )}
      <TypedFilter
        label="Tool"
        value={filters.tool}
        className="sm:w-32"
        placeholder="Tool"
        onChange={(tool) => set({ tool })}
      />
      <TypedFilter
        label="Client"
        value={filters.client}
        className="sm:w-32"
        placeholder="Client"
        onChange={(client) => set({ client })}
      />
      <InstanceFilter proxy={proxy} value={filters.instance} onChange={(instance) => set({ instance })} />
      {filters.rule !== undefined && (
        <Button size="sm" onClick={() => set({ rule: undefined })}>
          Rule: {filters.rule} <X aria-label="Any rule" />
        </Button>
      )}
      {count > 0 && (
        <Button variant="ghost" size="sm" onClick={() => onChange({ kind: filters.kind })}>
          Clear {count === 1 ? 'filter' : `${count} filters`}
        </Button>
      )}
    </search>
  );
}

/** A filter that is typed; it holds a moment after the last key. */
function TypedFilter({
  label,
  value = '',
  type = 'text',
  placeholder,
  className,
  onChange,
}: {
  readonly label: string;
  readonly value?: string | undefined;
  readonly type?: 'text' | 'search';
  readonly placeholder: string;
  readonly className?: string;
  readonly onChange: (text: string) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    if (typed === undefined) return;
    const timer = setTimeout(() => change.current(typed), typedAfterMs);
    return () => clearTimeout(timer);
  }, [typed]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the address says takes the place of what was typed.
  useEffect(() => setTyped(undefined), [value]);
  return (
    <Input
      type={type}
      aria-label={label}
      placeholder={placeholder}
      maxLength={256}
      value={typed ?? value}
      className={classNames(value !== '' && 'border-accent', className)}
      onChange={({ target }) => setTyped(target.value)}
    />
  );
}

function InstanceFilter({
  proxy: { instances, last },
  value,
  onChange,
}: {
  readonly proxy: ProxySeen;
  readonly value: string | undefined;
  readonly onChange: (instance: string | undefined) => void;
}) {
  const known = new Map(
    [...instances, ...(last === undefined ? [] : [last])].map(({ status, connection }) => [
      status.instance as string,
      `${connection === 'disconnected' ? 'Last session' : 'Running'}, since ${formatTime(status.startedAt)}`,
    ]),
  );
  if (value !== undefined && !known.has(value)) known.set(value, `Session ${value.slice(5, 13)}…`);
  if (known.size === 0) return null;
  return (
    <Select
      label="Instance"
      className="w-full sm:w-auto sm:min-w-28 sm:max-w-56"
      value={value ?? any}
      options={[
        { value: any, label: 'Any session' },
        ...[...known].map(([instance, label]) => ({ value: instance, label })),
      ]}
      onValueChange={(next) => onChange(next === any ? undefined : next)}
    />
  );
}
