'use client';

import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { formatCounted } from '../../../components/format-number.ts';
import { toast } from '../../../components/toast.tsx';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';

/** The file is another one by now: nothing is saved over it unseen. */
export function StaleNotice({ policy }: { readonly policy: PolicyDraft }) {
  const [isReading, setReading] = useState(false);
  const reapply = async (): Promise<void> => {
    setReading(true);
    try {
      const conflicts = await policy.reapply();
      if (conflicts === 0) toast.success('Your changes stand on the newest version now.');
      else {
        const places = formatCounted(conflicts, 'place');
        toast.warning(
          `In ${places} both changed the same lines, and yours stand there. Look at the changes.`,
        );
      }
    } catch (error) {
      toast.error(error instanceof Error ? error.message : 'The policy could not be read again.');
    } finally {
      setReading(false);
    }
  };
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-warn-soft px-3 py-2 text-sm"
    >
      <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" />
      <p className="min-w-0 flex-1">
        The policy was changed by someone else since you began. Your changes are still here and not saved.
      </p>
      <div className="flex gap-2">
        <Button size="sm" onClick={policy.discard}>
          Take theirs
        </Button>
        <Button size="sm" variant="primary" disabled={isReading} onClick={() => void reapply()}>
          Reload and re-apply
        </Button>
      </div>
    </div>
  );
}
