'use client';

import { useEffect, useState } from 'react';
import type { SettingShown } from '../api/config-answers.ts';
import { ForeignText } from '../components/foreign-text.tsx';
import { formatSpan } from '../components/format-duration.ts';
import { Input, Textarea } from '../components/input.tsx';
import { Select } from '../components/select.tsx';
import { Switch } from '../components/switch.tsx';
import { readInteger, type SettingValue } from './settings-draft.ts';

interface ControlProps {
  readonly setting: SettingShown;
  readonly value: SettingValue | undefined;
  readonly onChange: (value: SettingValue) => void;
  /** Says whether what is typed can be saved. */
  readonly onProblem: (problem: string | undefined) => void;
  readonly describedBy: string;
}

/** Kinds of settings there is a control for; the others are shown, and changed in the file. */
export const canBeEdited = ({ editable, type }: SettingShown): boolean => editable && type.kind !== 'map';

export function SettingControl({ setting, value, onChange, onProblem, describedBy }: ControlProps) {
  const { key, type } = setting;
  const names = { 'aria-label': key, 'aria-describedby': describedBy };
  switch (type.kind) {
    case 'boolean':
      return (
        <Switch
          label={key}
          aria-describedby={describedBy}
          checked={value === true}
          onCheckedChange={onChange}
        />
      );
    case 'choice':
      return (
        <Select
          label={key}
          aria-describedby={describedBy}
          className="w-full max-w-56"
          value={typeof value === 'string' ? value : ''}
          placeholder="Not set"
          options={(type.values ?? []).map((choice) => ({ value: choice, label: choice }))}
          onValueChange={onChange}
        />
      );
    case 'integer':
      return <IntegerInput {...names} type={type} value={value} onChange={onChange} onProblem={onProblem} />;
    case 'list':
      return (
        <Textarea
          {...names}
          rows={3}
          className="min-h-16 max-w-md font-mono text-xs"
          placeholder="One a line"
          value={Array.isArray(value) ? value.map(String).join('\n') : ''}
          onChange={({ target }) => onChange(target.value === '' ? [] : target.value.split('\n'))}
        />
      );
    case 'text':
      return (
        <Input
          {...names}
          className="max-w-md font-mono text-xs"
          placeholder="Not set"
          value={typeof value === 'string' ? value : ''}
          onChange={({ target }) => onChange(target.value)}
        />
      );
    case 'map':
      return null;
  }
}

function IntegerInput({
  type,
  value,
  onChange,
  onProblem,
  ...names
}: {
  readonly type: SettingShown['type'];
  readonly value: SettingValue | undefined;
  readonly onChange: (value: SettingValue) => void;
  readonly onProblem: (problem: string | undefined) => void;
  readonly 'aria-label': string;
  readonly 'aria-describedby': string;
}) {
  const told = value === undefined ? '' : String(value);
  const [typed, setTyped] = useState(told);
  // What was discarded, or came from elsewhere, takes the place of what was typed.
  useEffect(() => setTyped(told), [told]);
  const read = readInteger(typed, type);
  const isProblem = typeof read === 'string' && typed !== told;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-0.5">
      <Input
        {...names}
        inputMode="numeric"
        className="w-32 tabular-nums"
        placeholder="Not set"
        value={typed}
        {...(isProblem ? { 'aria-invalid': true } : {})}
        onChange={({ target }) => {
          setTyped(target.value);
          const next = readInteger(target.value, type);
          onProblem(typeof next === 'string' && target.value !== told ? next : undefined);
          if (typeof next === 'number') onChange(next);
        }}
      />
      {type.unit !== undefined && (
        <span className="text-muted text-xs">
          {type.unit}
          {typeof read === 'number' && asSpan(read, type.unit)}
        </span>
      )}
    </span>
  );
}

/** The same as a person says it, where that is another way. */
function asSpan(value: number, unit: string): string {
  return unit === 'milliseconds' && value >= 1_000 ? ` = ${formatSpan(value)}` : '';
}

/** A value as it is read, not changed. */
export function SettingValueShown({ value }: { readonly value: SettingValue | undefined }) {
  if (value === undefined) return <span className="text-muted">not set</span>;
  if (typeof value === 'boolean') return <span>{value ? 'on' : 'off'}</span>;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return (
    <code className="font-mono text-xs">
      <ForeignText text={text} max={2_048} />
    </code>
  );
}
