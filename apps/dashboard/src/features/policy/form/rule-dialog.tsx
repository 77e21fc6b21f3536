'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import { openPart } from '../open-part.ts';
import { useRecentCalls } from '../playground/use-recent-calls.ts';
import type { ListedRule } from '../policy-answers.ts';
import { ProblemList } from '../yaml/problem-list.tsx';
import type { TextProblem } from '../yaml/problems-in-text.ts';
import { RuleFields } from './rule-fields.tsx';
import { problemsOfForm } from './rule-form-problems.ts';
import { emptyRule, formOfRule, type RuleForm, ruleOfForm } from './rule-form-state.ts';

/** Adds a rule to the draft, or changes one of it. */
export function RuleDialog({
  proxy,
  policy,
  rule,
  taken,
  onClose,
}: {
  readonly proxy: string;
  readonly policy: PolicyDraft;
  /** The rule to change; a new one where it is undefined. */
  readonly rule: ListedRule | undefined;
  /** Ids of all rules. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}) {
  const client = useClient();
  const { tools } = useRecentCalls(proxy);
  const [form, setForm] = useState<RuleForm | undefined>(() =>
    rule === undefined ? emptyRule : formOfRule(rule.rule),
  );
  const [isAsked, setAsked] = useState(false);
  const [refused, setRefused] = useState<readonly TextProblem[]>([]);
  const others = taken.filter((id) => id !== rule?.id);
  const problems = form === undefined ? {} : problemsOfForm(form, others);
  const change = useMutation({
    meta: { ownError: true },
    mutationFn: async (wanted: RuleForm) => {
      const written = ruleOfForm(wanted) as Record<string, never>;
      const { text } = await client.policies.changeRule.mutate({
        text: policy.draft.text,
        change:
          rule === undefined
            ? { kind: 'add', rule: written }
            : { kind: 'replace', id: rule.id, rule: written },
      });
      return { text, ...(await client.policies.check.mutate({ proxy, text })) };
    },
    onSuccess: (checked) => {
      setRefused(checked.problems);
      if (!checked.ok) return;
      policy.edit(checked.text);
      onClose();
    },
  });
  const submit = (): void => {
    setAsked(true);
    if (form !== undefined && Object.keys(problems).length === 0) change.mutate(form);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={rule === undefined ? 'Add rule' : 'Edit rule'}
      size="lg"
      description="It goes into the draft, and takes effect when the policy is saved."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {form !== undefined && (
            <Button variant="primary" disabled={change.isPending} onClick={submit}>
              {rule === undefined ? 'Add to draft' : 'Change in draft'}
            </Button>
          )}
        </>
      }
    >
      {form === undefined ? (
        <div className="space-y-3 text-sm">
          <p>This rule has values that the form cannot hold, such as line breaks in a pattern.</p>
          <Button onClick={() => openPart('yaml', { line: String(rule?.line ?? 1) })}>Edit it as YAML</Button>
        </div>
      ) : (
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <RuleFields form={form} onChange={setForm} problems={isAsked ? problems : {}} tools={tools} />
          {refused.length > 0 && <ProblemList problems={refused} />}
          {change.error !== null && <ErrorPanel error={change.error} />}
          <button type="submit" hidden aria-hidden tabIndex={-1} />
        </form>
      )}
    </Dialog>
  );
}
