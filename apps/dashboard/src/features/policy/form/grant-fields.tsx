'use client';

import { Checkbox } from '../../../components/checkbox.tsx';
import { Field } from '../../../components/field.tsx';
import { Input } from '../../../components/input.tsx';
import { Select } from '../../../components/select.tsx';
import type { problemsOfForm } from './rule-form-problems.ts';
import type { RuleForm } from './rule-form-state.ts';

/** How far one yes may reach. */
export function GrantFields({
  form,
  onChange,
  problems,
}: {
  readonly form: RuleForm;
  readonly onChange: (form: RuleForm) => void;
  readonly problems: ReturnType<typeof problemsOfForm>;
}) {
  const { grant } = form;
  const change = (some: Partial<RuleForm['grant']>): void =>
    onChange({ ...form, grant: { ...grant, ...some } });
  return (
    <div className="space-y-3">
      <Checkbox
        label="One yes may be good for more than this call"
        checked={grant.on}
        onCheckedChange={(on) => change({ on })}
      />
      {grant.on && (
        <div className="grid gap-3 pl-6 sm:grid-cols-3">
          <Field label="At most for" hint="90s, 10m, 1h, or session." error={problems.ttl}>
            {(ids) => (
              <Input {...ids} value={grant.ttl} onChange={(event) => change({ ttl: event.target.value })} />
            )}
          </Field>
          <Field label="Reaching at most">
            {(ids) => (
              <Select
                {...ids}
                value={grant.scope}
                onValueChange={(scope) => change({ scope: scope as RuleForm['grant']['scope'] })}
                options={[
                  { value: 'exact', label: 'the same arguments' },
                  { value: 'path', label: 'the same path or folder' },
                  { value: 'tool', label: 'the whole tool' },
                ]}
              />
            )}
          </Field>
          <Field label="Uses" hint="Nothing: no limit." error={problems.uses}>
            {(ids) => (
              <Input
                {...ids}
                inputMode="numeric"
                value={grant.uses}
                onChange={(event) => change({ uses: event.target.value })}
              />
            )}
          </Field>
        </div>
      )}
    </div>
  );
}
