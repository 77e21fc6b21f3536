'use client';

import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { ForeignText } from '../../components/foreign-text.tsx';
import { Input } from '../../components/input.tsx';
import { RadioGroup } from '../../components/radio-group.tsx';
import { markAnsweredHere } from './answered-here.ts';
import { mostReason } from './deny-dialog.tsx';
import { muteDurations } from './grant-choices.ts';
import { usePending } from './use-pending.ts';
import { useUndoToast } from './use-undo-toast.ts';
import { nameOf } from './what-is-asked.ts';

/** Refuses what would be asked about a tool for a while. It loosens nothing, so it is not guarded like a yes. */
export function MuteDialog({
  question,
  onClose,
}: {
  readonly question: PendingApproval;
  readonly onClose: () => void;
}) {
  const api = useApi();
  const undoToast = useUndoToast();
  const { questions } = usePending();
  const [howLong, setHowLong] = useState(muteDurations[0]?.key ?? '');
  const [reason, setReason] = useState('');
  const { proxy, tool = '' } = question;
  const alike = questions.filter((one) => one.proxy.instance === proxy.instance && one.tool === tool);
  const { mutate, isPending } = useMutation(
    api.proxy.mute.mutationOptions({
      onSuccess: (grant) => {
        undoToast(
          'success',
          `${nameOf(question)} is muted: what you would be asked about it is refused.`,
          grant,
        );
        onClose();
      },
    }),
  );
  const duration = muteDurations.find(({ key }) => key === howLong);
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Mute this tool"
      description={
        <>
          Calls of <ForeignText text={tool} className="font-mono text-ink" /> on {proxy.name} that would be
          asked about are refused without asking.{' '}
          {alike.length > 1 ? `The ${alike.length} that wait are denied.` : 'The one that waits is denied.'}
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            aria-disabled={isPending}
            onClick={() => {
              if (duration === undefined || isPending) return;
              markAnsweredHere(alike.map(({ approval }) => approval));
              mutate({
                proxy: proxy.name,
                instance: proxy.instance,
                tool,
                forMs: duration.forMs,
                ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
              });
            }}
          >
            Mute
          </Button>
        </>
      }
    >
      <div className="space-y-5">
        <RadioGroup
          label="How long"
          value={howLong}
          onValueChange={setHowLong}
          options={muteDurations.map(({ key, label }) => ({ value: key, label }))}
        />
        <Field label="Reason" hint="The agent reads it. May stay empty.">
          {(ids) => (
            <Input
              {...ids}
              value={reason}
              maxLength={mostReason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
