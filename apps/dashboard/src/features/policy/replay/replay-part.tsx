'use client';

import { useState } from 'react';
import { useClient } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { Card, CardBody } from '../../../components/card.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { Field } from '../../../components/field.tsx';
import { formatCounted } from '../../../components/format-number.ts';
import { Input } from '../../../components/input.tsx';
import { Progress } from '../../../components/progress.tsx';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import type { ReplayResult } from '../policy-answers.ts';
import { textUnder, type Under, UnderPolicy } from '../under-policy.tsx';
import { type StreamProgress, useStream } from '../use-stream.ts';
import { ReplayResultView } from './replay-result.tsx';

const mostDays = 3_650;

/** Decides the calls of the past anew, before a policy is saved. */
export function ReplayPart({ proxy, policy }: { readonly proxy: string; readonly policy: PolicyDraft }) {
  const client = useClient();
  const { state, start, cancel } = useStream<{ readonly result: ReplayResult }>();
  const [days, setDays] = useState('7');
  const [under, setUnder] = useState<Under>('draft');
  const [judged, setJudged] = useState<string>();
  const count = Number(days);
  const isCount = days.trim() !== '' && Number.isFinite(count) && count > 0 && count <= mostDays;
  const text = textUnder(policy, policy.isEdited ? under : 'saved');
  const run = (): void => {
    if (!isCount) return;
    setJudged(text);
    start((handlers) => client.policies.replay.subscribe({ proxy, text, days: count }, handlers));
  };
  const isRunning = state.kind === 'running';
  return (
    <div className="space-y-4">
      <Card>
        <CardBody>
          <form
            className="flex flex-wrap items-end gap-x-6 gap-y-3"
            onSubmit={(event) => {
              event.preventDefault();
              run();
            }}
          >
            <Field label="Days" error={isCount ? undefined : `1 to ${mostDays}.`} className="w-24">
              {(ids) => (
                <Input
                  {...ids}
                  inputMode="decimal"
                  value={days}
                  onChange={(event) => setDays(event.target.value)}
                />
              )}
            </Field>
            <UnderPolicy policy={policy} value={under} onChange={setUnder} />
            <div className="flex gap-2">
              {isRunning && <Button onClick={cancel}>Cancel</Button>}
              <Button type="submit" variant="primary" disabled={isRunning || !isCount}>
                Replay
              </Button>
            </div>
          </form>
        </CardBody>
      </Card>
      {isRunning && <Running {...(state.progress === undefined ? {} : { progress: state.progress })} />}
      {state.kind === 'failed' && <ErrorPanel error={state.error} onRetry={run} />}
      {state.kind === 'done' && (
        <>
          {judged !== text && (
            <p role="status" className="rounded-md bg-warn-soft px-3 py-1.5 text-sm">
              The policy was edited since: replay it again to see what it does now.
            </p>
          )}
          <ReplayResultView result={state.result.result} />
        </>
      )}
      {(state.kind === 'idle' || state.kind === 'cancelled') && (
        <EmptyState title={state.kind === 'idle' ? 'Try a policy on the past' : 'Cancelled'}>
          The calls on record are decided anew{policy.isEdited ? ' under your draft' : ''}, and you see which
          decisions and how many prompts would change. Nothing is called.
        </EmptyState>
      )}
    </div>
  );
}

function Running({ progress }: { readonly progress?: StreamProgress }) {
  return (
    <div className="space-y-1.5">
      <Progress label="Replay" done={progress?.doneBytes ?? 0} total={progress?.totalBytes ?? 0} />
      <p className="text-xs tabular-nums text-muted">
        {formatCounted(progress?.doneCalls ?? 0, 'call')} so far
      </p>
    </div>
  );
}
