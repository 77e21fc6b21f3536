'use client';

import { askChannels } from '@mcp-acp/policy/policy';
import { Plus, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../../../components/button.tsx';
import { Checkbox } from '../../../components/checkbox.tsx';
import { Field } from '../../../components/field.tsx';
import { Input } from '../../../components/input.tsx';
import { RadioGroup } from '../../../components/radio-group.tsx';
import { ConditionGroup } from './condition-group.tsx';
import { GrantFields } from './grant-fields.tsx';
import type { problemsOfForm } from './rule-form-problems.ts';
import type { RuleForm } from './rule-form-state.ts';
import { WordChoices } from './word-choices.tsx';

/** Every field of a rule. Problems are shown once they were asked for. */
export function RuleFields({
  form,
  onChange,
  problems,
  tools,
}: {
  readonly form: RuleForm;
  readonly onChange: (form: RuleForm) => void;
  readonly problems: ReturnType<typeof problemsOfForm>;
  readonly tools: readonly string[];
}) {
  const change = (some: Partial<RuleForm>): void => onChange({ ...form, ...some });
  const first = useRef<HTMLInputElement>(null);
  const isNew = form.id === '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: a form without a name begins with it, once.
  useEffect(() => {
    if (isNew) first.current?.focus();
  }, []);
  return (
    <div className="space-y-5">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Id" error={problems.id}>
          {(ids) => (
            <Input
              {...ids}
              ref={first}
              className="font-mono text-xs"
              placeholder="read-project"
              maxLength={64}
              value={form.id}
              onChange={(event) => change({ id: event.target.value })}
            />
          )}
        </Field>
        <Field label="Description">
          {(ids) => (
            <Input
              {...ids}
              maxLength={1024}
              value={form.description}
              onChange={(event) => change({ description: event.target.value })}
            />
          )}
        </Field>
      </div>
      <RadioGroup
        label="Effect"
        value={form.effect}
        onValueChange={(effect) => change({ effect: effect as RuleForm['effect'] })}
        options={[
          { value: 'allow', label: 'allow', hint: 'The call goes through, if no other rule asks or denies.' },
          { value: 'ask', label: 'ask', hint: 'A person decides, if no other rule denies.' },
          { value: 'deny', label: 'deny', hint: 'The call is refused, whatever other rules say.' },
        ]}
      />
      <section aria-label="Conditions" className="space-y-3">
        <h3 className="text-sm font-semibold">When all of these hold</h3>
        <ConditionGroup
          label="Conditions"
          conditions={form.conditions}
          onChange={(conditions) => change({ conditions })}
          tools={tools}
        />
        <Exceptions form={form} onChange={onChange} tools={tools} />
        <Checkbox
          label="Also judge paths that are mentioned in text fields"
          checked={form.mentions}
          onCheckedChange={(mentions) => change({ mentions })}
        />
        {problems.conditions !== undefined && <p className="text-xs text-bad">{problems.conditions}</p>}
      </section>
      {form.effect === 'ask' && (
        <section aria-label="Asking" className="space-y-3">
          <h3 className="text-sm font-semibold">When a person is asked</h3>
          <GrantFields form={form} onChange={onChange} problems={problems} />
          <WordChoices
            label="Answered from"
            hint="None chosen: from anywhere."
            words={askChannels}
            chosen={form.via}
            onChange={(via) => change({ via })}
          />
        </section>
      )}
    </div>
  );
}

/** Groups of conditions, none of which may hold. */
function Exceptions({
  form,
  onChange,
  tools,
}: {
  readonly form: RuleForm;
  readonly onChange: (form: RuleForm) => void;
  readonly tools: readonly string[];
}) {
  const put = (not: RuleForm['not']): void => onChange({ ...form, not });
  return (
    <div className="space-y-3">
      {form.not.map((group, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: exceptions stay in their order and have no name of their own.
          key={index}
          className="space-y-3 rounded-md border border-line bg-sunken/40 p-3"
        >
          <div className="flex items-center justify-between">
            <span className="text-xs font-medium">But not when</span>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label="Remove this exception"
              onClick={() => put(form.not.filter((_, at) => at !== index))}
            >
              <X aria-hidden />
            </Button>
          </div>
          <ConditionGroup
            label={`Exception ${index + 1}`}
            conditions={group}
            onChange={(next) => put(form.not.map((other, at) => (at === index ? next : other)))}
            tools={tools}
          />
        </div>
      ))}
      <Button size="sm" variant="ghost" onClick={() => put([...form.not, []])}>
        <Plus aria-hidden />
        Add an exception
      </Button>
    </div>
  );
}
