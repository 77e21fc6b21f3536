'use client';

import { acpErrorOf } from '@mcp-acp/api/client/errors';
import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { type ReactNode, useState } from 'react';
import { useClient } from '../../api/use-api.ts';
import { Button, type ButtonProps } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Field } from '../../components/field.tsx';
import { formatCounted } from '../../components/format-number.ts';
import { Input } from '../../components/input.tsx';
import { toast } from '../../components/toast.tsx';
import { forgetAnsweredHere, markAnsweredHere } from './answered-here.ts';
import { mostReason } from './deny-dialog.tsx';
import { byInstance } from './group-pending.ts';
import { useDropQuestions } from './use-answering.ts';

/** Denies what waits now; what comes after the click is asked about. */
export function DenyAll({
  questions,
  words,
  children,
  ...button
}: {
  readonly questions: readonly PendingApproval[];
  /** Of which questions these are, after "Deny 12 calls": `of write_file`. */
  readonly words: string;
  readonly children: ReactNode;
} & Pick<ButtonProps, 'size' | 'className'>) {
  const client = useClient();
  const drop = useDropQuestions();
  const [asked, setAsked] = useState<readonly PendingApproval[]>();
  const [reason, setReason] = useState('');

  const deny = async (all: readonly PendingApproval[]): Promise<void> => {
    const approvals = all.map(({ approval }) => approval);
    markAnsweredHere(approvals);
    const why = reason.trim();
    const batches = byInstance(all);
    const results = await Promise.allSettled(
      batches.map((batch) =>
        client.proxy.denyAll.mutate({
          proxy: batch.proxy,
          instance: batch.instance,
          approvals: [...batch.approvals],
          ...(why === '' ? {} : { reason: why }),
        }),
      ),
    );
    let denied = 0;
    results.forEach((result, index) => {
      const batch = batches[index];
      if (batch === undefined) return;
      if (result.status === 'fulfilled') {
        denied += result.value.denied;
        drop(batch.approvals);
      } else {
        batch.approvals.forEach(forgetAnsweredHere);
        toast.error(`${batch.proxy}: ${acpErrorOf(result.reason).message}`);
      }
    });
    const late = approvals.length - denied;
    if (denied > 0) {
      toast.success(
        `${formatCounted(denied, 'call')} denied.${late > 0 ? ` ${formatCounted(late, 'other')} had been answered already.` : ''}`,
      );
    } else if (results.every(({ status }) => status === 'fulfilled')) {
      toast.info('All of them had been answered already.');
    }
  };

  return (
    <>
      <Button {...button} variant="danger-quiet" onClick={() => setAsked(questions)}>
        {children}
      </Button>
      {asked !== undefined && (
        <ConfirmDialog
          open
          onOpenChange={(open) => {
            if (!open) setAsked(undefined);
          }}
          title={`Deny ${formatCounted(asked.length, 'call')} ${words}?`}
          confirm={`Deny ${formatCounted(asked.length, 'call')}`}
          onConfirm={() => void deny(asked)}
        >
          Each agent is told that a person refused. What is asked from now on still waits for you.
          <Field label="Reason" hint="The agents read it. May stay empty." className="mt-3 text-ink">
            {(ids) => (
              <Input
                {...ids}
                value={reason}
                maxLength={mostReason}
                onChange={({ target }) => setReason(target.value)}
              />
            )}
          </Field>
        </ConfirmDialog>
      )}
    </>
  );
}
