'use client';

import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import { comparisonInWords } from './comparison-in-words.ts';
import { StaleNotice } from './stale-notice.tsx';
import { useComparison } from './use-comparison.ts';

/** That there are edits which are not in force, on every part of the tab. */
export function DraftBar({
  policy,
  onReview,
}: {
  readonly policy: PolicyDraft;
  readonly onReview: () => void;
}) {
  return policy.isEdited ? <EditedBar policy={policy} onReview={onReview} /> : null;
}

function EditedBar({ policy, onReview }: { readonly policy: PolicyDraft; readonly onReview: () => void }) {
  const [isDiscarding, setDiscarding] = useState(false);
  const comparison = useComparison(policy.draft.base.text, policy.draft.text);
  return (
    <section
      aria-label="Unsaved changes"
      className="space-y-3 rounded-lg border border-line-strong bg-surface px-4 py-2.5 shadow-card"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="text-sm font-medium">Unsaved changes</p>
        <p className="min-w-0 text-sm text-muted">
          {comparison === null && 'The text is not a valid policy yet.'}
          {comparison && comparisonInWords(comparison)}
        </p>
        {comparison?.loosening === true && (
          <Badge tone="warn">
            <TriangleAlert aria-hidden />
            lets more through
          </Badge>
        )}
        <div className="ml-auto flex gap-2">
          <Button size="sm" onClick={() => setDiscarding(true)}>
            Discard
          </Button>
          <Button size="sm" variant="primary" onClick={onReview}>
            Review changes
          </Button>
        </div>
      </div>
      {policy.isStale && <StaleNotice policy={policy} />}
      <ConfirmDialog
        open={isDiscarding}
        onOpenChange={setDiscarding}
        title="Discard the changes?"
        confirm="Discard changes"
        onConfirm={policy.discard}
      >
        The policy stays as it is saved. What you wrote here is lost.
      </ConfirmDialog>
    </section>
  );
}
