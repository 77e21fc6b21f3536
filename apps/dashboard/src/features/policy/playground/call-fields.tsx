'use client';

import { useId } from 'react';
import { Field } from '../../../components/field.tsx';
import { Input, Textarea } from '../../../components/input.tsx';
import { type CallForm, methodSubjects, type ReadCall } from './call-form.ts';

type Problems = Extract<ReadCall, { ok: false }>['problems'];
const subjectLabels = { tool: 'Tool', uri: 'URI', prompt: 'Prompt' } as const;

/** A call to be judged, as fields. */
export function CallFields({
  form,
  onChange,
  tools,
  problems,
}: {
  readonly form: CallForm;
  readonly onChange: (form: CallForm) => void;
  /** Tools that were seen. */
  readonly tools: readonly string[];
  readonly problems: Problems;
}) {
  const lists = useId();
  const subject = methodSubjects[form.method.trim()];
  const change = (some: Partial<CallForm>): void => onChange({ ...form, ...some });
  return (
    <>
      {subject !== undefined && (
        <Field label={subjectLabels[subject]} error={problems.subject}>
          {(ids) => (
            <Input
              {...ids}
              className="font-mono text-xs"
              list={subject === 'tool' ? `${lists}-tools` : undefined}
              maxLength={1024}
              value={form[subject]}
              onChange={(event) => change({ [subject]: event.target.value })}
            />
          )}
        </Field>
      )}
      <datalist id={`${lists}-tools`}>
        {tools.map((tool) => (
          <option key={tool} value={tool} />
        ))}
      </datalist>
      <Field label="Arguments (JSON)" error={problems.arguments}>
        {(ids) => (
          <Textarea
            {...ids}
            rows={8}
            className="font-mono text-xs"
            value={form.arguments}
            onChange={(event) => change({ arguments: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Method" error={problems.method}>
          {(ids) => (
            <>
              <Input
                {...ids}
                className="font-mono text-xs"
                list={`${lists}-methods`}
                maxLength={256}
                value={form.method}
                onChange={(event) => change({ method: event.target.value })}
              />
              <datalist id={`${lists}-methods`}>
                {Object.keys(methodSubjects).map((method) => (
                  <option key={method} value={method} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label="Client">
          {(ids) => (
            <Input
              {...ids}
              placeholder="any"
              maxLength={1024}
              value={form.client}
              onChange={(event) => change({ client: event.target.value })}
            />
          )}
        </Field>
      </div>
    </>
  );
}
