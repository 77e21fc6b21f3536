'use client';

import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../../api/use-api.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import type { ListedRule } from '../policy-answers.ts';

/** Takes a rule out of the draft. */
export function RemoveRuleDialog({
  policy,
  rule,
  onClose,
}: {
  readonly policy: PolicyDraft;
  readonly rule: ListedRule;
  readonly onClose: () => void;
}) {
  const api = useApi();
  const change = useMutation(
    api.policies.changeRule.mutationOptions({ onSuccess: ({ text }) => policy.edit(text) }),
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove the rule "${rule.id}"?`}
      confirm="Remove from draft"
      onConfirm={() => change.mutate({ text: policy.draft.text, change: { kind: 'remove', id: rule.id } })}
    >
      {rule.effect === 'allow'
        ? 'What only this rule allows is denied then.'
        : `What this rule ${rule.effect === 'deny' ? 'denies' : 'asks for'} may be let through by others then.`}{' '}
      It takes effect when the policy is saved.
    </ConfirmDialog>
  );
}
