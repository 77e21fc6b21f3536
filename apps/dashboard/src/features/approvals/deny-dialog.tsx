'use client';

import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Textarea } from '../../components/input.tsx';
import { AskedName } from './asked-name.tsx';

export const mostReason = 512;

/** A no that says why. */
export function DenyDialog({
  question,
  onDeny,
  onClose,
}: {
  readonly question: PendingApproval;
  readonly onDeny: (reason?: string) => void;
  readonly onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Deny with a reason"
      description={
        <>
          <AskedName question={question} className="text-ink" /> on {question.proxy.name}
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            onClick={() => {
              onDeny(reason.trim());
              onClose();
            }}
          >
            Deny
          </Button>
        </>
      }
    >
      <Field label="Reason" hint="The agent reads it, and it is recorded.">
        {(ids) => (
          <Textarea
            {...ids}
            value={reason}
            maxLength={mostReason}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
