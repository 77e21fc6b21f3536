'use client';

import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ShieldAlert } from 'lucide-react';
import { useApi, useClient } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { toast } from '../../../components/toast.tsx';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import type { PolicySaved } from '../policy-answers.ts';
import { ProblemList } from '../yaml/problem-list.tsx';
import { comparisonInWords } from './comparison-in-words.ts';
import { Diff } from './lazy-diff.tsx';
import { StaleNotice } from './stale-notice.tsx';
import { useComparison } from './use-comparison.ts';

/** The differences of the draft to the file, before they are in force. */
export function ChangesDialog({
  proxy,
  policy,
  onClose,
  onSaved,
}: {
  readonly proxy: string;
  readonly policy: PolicyDraft;
  readonly onClose: () => void;
  readonly onSaved: (saved: PolicySaved) => void;
}) {
  const api = useApi();
  const client = useClient();
  const queryClient = useQueryClient();
  const { draft } = policy;
  const comparison = useComparison(draft.base.text, draft.text);
  const check = useQuery({
    queryKey: ['check-policy', proxy, draft.text],
    queryFn: () => client.policies.check.mutate({ proxy, text: draft.text }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const save = useMutation({
    meta: { ownError: true },
    mutationFn: async (edit: { readonly text: string; readonly edited: string }) => {
      const now = await queryClient.fetchQuery({
        ...api.policies.read.queryOptions({ proxy }),
        staleTime: 0,
      });
      // Known to be refused: the notice, which that reading brings, says so.
      return now.digest === edit.edited ? client.policies.save.mutate({ proxy, ...edit }) : undefined;
    },
    onSuccess: (saved, { text }) => {
      if (saved === undefined) return;
      policy.took({ text, digest: saved.digest });
      void queryClient.invalidateQueries(api.policies.pathFilter());
      toast.success(`Policy saved as version ${saved.version}.`);
      onSaved(saved);
      onClose();
    },
    // What is there now is read, so that the notice can offer to go on from it.
    onError: () => void queryClient.invalidateQueries(api.policies.read.pathFilter()),
  });
  const isRefused = save.error !== null && acpErrorOf(save.error).code === 'stale_edit';
  const isValid = check.data?.ok === true;
  const canSave = policy.isEdited && isValid && !policy.isStale && !save.isPending;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Changes"
      size="xl"
      description={comparison ? comparisonInWords(comparison) : 'What differs from the saved policy.'}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            variant="primary"
            disabled={!canSave}
            onClick={() => save.mutate({ text: draft.text, edited: draft.base.digest })}
          >
            {save.isPending ? 'Saving…' : 'Save policy'}
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {(policy.isStale || (isRefused && policy.isEdited)) && <StaleNotice policy={policy} />}
        {save.error !== null && !isRefused && <ErrorPanel error={save.error} />}
        {check.error !== null && <ErrorPanel error={check.error} onRetry={() => void check.refetch()} />}
        {check.data?.ok === false && <ProblemList problems={check.data.problems} />}
        {comparison && <Loosening loosening={comparison.loosening} />}
        <Diff before={draft.base.text} after={draft.text} label="Changes of the policy" />
      </div>
    </Dialog>
  );
}

/** Whether more is let through after it. */
export function Loosening({ loosening }: { readonly loosening: boolean }) {
  return loosening ? (
    <p className="flex items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-sm">
      <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
      <span>
        <strong className="font-medium">This loosens the policy.</strong> Something may be let through that
        was denied or asked for before. Saving here confirms it.
      </span>
    </p>
  ) : (
    <p className="text-sm text-muted">Nothing is let through that was not let through before.</p>
  );
}
