'use client';

import { useId } from 'react';
import { Field } from '../../../components/field.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { Textarea } from '../../../components/input.tsx';
import { conditionField } from './condition-fields.ts';
import type { ConditionState } from './rule-form-state.ts';
import { TestRows } from './test-rows.tsx';
import { WordChoices } from './word-choices.tsx';

/** One condition: patterns one a line, words of a closed list, or tests of values. */
export function ConditionEditor({
  condition,
  onChange,
  tools,
}: {
  readonly condition: ConditionState;
  readonly onChange: (condition: ConditionState) => void;
  /** Tools that were seen. */
  readonly tools: readonly string[];
}) {
  const field = conditionField(condition.name);
  const id = useId();
  switch (condition.kind) {
    case 'words':
      return (
        <WordChoices
          label={field.label}
          hint={field.hint}
          words={field.words ?? []}
          chosen={condition.words}
          onChange={(words) => onChange({ ...condition, words })}
        />
      );
    case 'tests':
      return (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a box among others.
        <div role="group" aria-labelledby={id}>
          <div id={id} className="mb-1 text-xs font-medium">
            {field.label}
          </div>
          <TestRows
            rows={condition.rows}
            example={field.example ?? ''}
            onChange={(rows) => onChange({ ...condition, rows })}
          />
          <p className="mt-1 text-xs text-muted">{field.hint}</p>
        </div>
      );
    default:
      return (
        <Field label={field.label} hint={`${field.hint} One a line; any of them.`}>
          {(ids) => (
            <>
              <Textarea
                {...ids}
                rows={Math.min(6, Math.max(1, condition.lines.split('\n').length))}
                className="min-h-8 font-mono text-xs"
                placeholder={field.example}
                value={condition.lines}
                onChange={(event) => onChange({ ...condition, lines: event.target.value })}
              />
              {condition.name === 'tool_name' && (
                <SeenTools
                  tools={tools}
                  onPick={(tool) => {
                    const before = condition.lines.trim();
                    onChange({ ...condition, lines: before === '' ? tool : `${before}\n${tool}` });
                  }}
                />
              )}
            </>
          )}
        </Field>
      );
  }
}

const shownTools = 8;

function SeenTools({
  tools,
  onPick,
}: {
  readonly tools: readonly string[];
  readonly onPick: (tool: string) => void;
}) {
  if (tools.length === 0) return null;
  return (
    <div className="mt-1.5 flex flex-wrap gap-1">
      {tools.slice(0, shownTools).map((tool) => (
        <button
          key={tool}
          type="button"
          className="max-w-full truncate rounded border border-line bg-sunken px-1.5 py-0.5 font-mono text-2xs text-muted hover:text-ink"
          onClick={() => onPick(tool)}
        >
          + <ForeignText text={tool} max={64} />
        </button>
      ))}
    </div>
  );
}
