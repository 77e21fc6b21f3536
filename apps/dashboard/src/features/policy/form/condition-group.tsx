'use client';

import { X } from 'lucide-react';
import { Button } from '../../../components/button.tsx';
import { Select } from '../../../components/select.tsx';
import { ConditionEditor } from './condition-editor.tsx';
import { type ConditionName, conditionField } from './condition-fields.ts';
import { type ConditionState, conditionsLeft, emptyCondition } from './rule-form-state.ts';

/** Conditions that must all hold, each with what it asks for. */
export function ConditionGroup({
  label,
  conditions,
  onChange,
  tools,
}: {
  /** Names the group to who does not see it. */
  readonly label: string;
  readonly conditions: readonly ConditionState[];
  readonly onChange: (conditions: readonly ConditionState[]) => void;
  readonly tools: readonly string[];
}) {
  const left = conditionsLeft(conditions);
  const put = (index: number, next: ConditionState): void =>
    onChange(conditions.map((condition, at) => (at === index ? next : condition)));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a box among others.
    <div role="group" aria-label={label} className="space-y-3">
      {conditions.map((condition, index) => (
        <div key={condition.name} className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <ConditionEditor condition={condition} onChange={(next) => put(index, next)} tools={tools} />
          </div>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={`Remove ${conditionField(condition.name).label}`}
            onClick={() => onChange(conditions.filter((_, at) => at !== index))}
          >
            <X aria-hidden />
          </Button>
        </div>
      ))}
      {left.length > 0 && (
        <Select
          label="Add a condition"
          placeholder="Add a condition…"
          value=""
          className="w-56"
          options={left.map((name) => ({ value: name, label: conditionField(name).label }))}
          onValueChange={(name) => onChange([...conditions, emptyCondition(name as ConditionName)])}
        />
      )}
    </div>
  );
}
