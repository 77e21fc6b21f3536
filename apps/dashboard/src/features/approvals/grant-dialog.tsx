'use client';

import type { GrantReach, PendingApproval } from '@mcp-acp/shared/live/approval';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';
import { RadioGroup } from '../../components/radio-group.tsx';
import { AskedName } from './asked-name.tsx';
import { durationChoices, grantChoices, reachOf, usesOf } from './grant-choices.ts';
import { TextPieces } from './text-pieces.tsx';
import { useAnswerGuard } from './use-answer-guard.ts';
import { nameOf } from './what-is-asked.ts';

/** How far a yes shall reach, within what the rule offers. */
export function GrantDialog({
  question,
  onGrant,
  onClose,
}: {
  readonly question: PendingApproval;
  readonly onGrant: (reach?: GrantReach) => void;
  readonly onClose: () => void;
}) {
  const choices = grantChoices(question.offers, nameOf(question));
  // The narrowest that is more than this call.
  const [what, setWhat] = useState((choices[1] ?? choices[0])?.key ?? '');
  const [howLong, setHowLong] = useState('');
  const [typedUses, setTypedUses] = useState('');
  const guard = useAnswerGuard('grant', true);
  const choice = choices.find(({ key }) => key === what) ?? choices[0];
  const offer = choice?.offer;
  const durations = offer === undefined ? [] : durationChoices(offer);
  const duration = durations.find(({ key }) => key === howLong) ?? durations[0];
  const uses = offer === undefined ? {} : usesOf(typedUses, offer);
  const most = offer?.mostUses;
  const isReady = guard.isReady && uses !== undefined;

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Grant"
      description={
        <>
          <AskedName question={question} className="text-ink" /> on {question.proxy.name}. A grant lives with
          this session of the proxy: it can be revoked, and ends with it.
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="good"
            aria-disabled={!isReady}
            onClick={(event) => {
              if (!guard.allows(event) || choice === undefined || uses === undefined) return;
              onGrant(reachOf(choice, duration, uses.uses));
              onClose();
            }}
          >
            Approve and grant
          </Button>
        </>
      }
    >
      <div className="space-y-5">
        <RadioGroup
          label="What"
          value={choice?.key ?? ''}
          onValueChange={setWhat}
          options={choices.map(({ key, label, path, consequence }) => ({
            value: key,
            label:
              path === undefined ? (
                label
              ) : (
                <>
                  {label}{' '}
                  <span className="font-mono text-xs [overflow-wrap:anywhere]">
                    <TextPieces text={path} part={{ start: 0, end: path.length }} />
                  </span>
                </>
              ),
            hint: consequence,
          }))}
        />
        {offer !== undefined && (
          <>
            <RadioGroup
              label="How long"
              inline
              value={duration?.key ?? ''}
              onValueChange={setHowLong}
              options={durations.map(({ key, label }) => ({ value: key, label }))}
            />
            <Field
              label="Uses"
              hint={
                most === undefined
                  ? 'Calls it lets through, this one included. Empty: no limit.'
                  : `Calls it lets through, this one included: at most ${most}. Empty: ${most}.`
              }
              error={
                uses === undefined
                  ? `A whole number${most === undefined ? ' of 1 or more' : ` from 1 to ${most}`}, or nothing.`
                  : undefined
              }
              className="max-w-60"
            >
              {(ids) => (
                <Input
                  {...ids}
                  inputMode="numeric"
                  value={typedUses}
                  onChange={({ target }) => setTypedUses(target.value)}
                />
              )}
            </Field>
          </>
        )}
      </div>
    </Dialog>
  );
}
