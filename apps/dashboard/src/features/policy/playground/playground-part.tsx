'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { Card, CardBody, CardHeader } from '../../../components/card.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import { textUnder, type Under, UnderPolicy } from '../under-policy.tsx';
import { CallFields } from './call-fields.tsx';
import {
  type CallForm,
  callOfRecord,
  emptyCall,
  type RecordedCall,
  readCallForm,
  readRecordName,
} from './call-form.ts';
import { DecisionView } from './decision-view.tsx';
import { RecentCallPicker } from './recent-call-picker.tsx';
import { useRecentCalls } from './use-recent-calls.ts';

/** Judges a call that is not made. */
export function PlaygroundPart({ proxy, policy }: { readonly proxy: string; readonly policy: PolicyDraft }) {
  const api = useApi();
  const recent = useRecentCalls(proxy);
  const recorded = useRecordedCall(proxy);
  const [form, setForm] = useState<CallForm>(emptyCall);
  const [under, setUnder] = useState<Under>('draft');
  const [isAsked, setAsked] = useState(false);
  const decide = useMutation(api.policies.tryCall.mutationOptions({ meta: { ownError: true } }));
  const { call: taken } = recorded;
  useEffect(() => {
    if (taken !== undefined) setForm(taken.form);
  }, [taken]);

  const read = readCallForm(form);
  const judging = policy.isEdited ? under : 'saved';
  const text = textUnder(policy, judging);
  const submit = (): void => {
    setAsked(true);
    if (read.ok) decide.mutate({ proxy, call: read.call, text });
  };
  const asked = decide.variables;
  const isOther =
    asked !== undefined &&
    (asked.text !== text || JSON.stringify(asked.call) !== JSON.stringify(read.ok ? read.call : undefined));
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Card>
        <CardHeader title="Call">
          <RecentCallPicker proxy={proxy} calls={recent.calls} />
        </CardHeader>
        <CardBody>
          <form
            className="space-y-4"
            onSubmit={(event) => {
              event.preventDefault();
              submit();
            }}
          >
            {recorded.error !== undefined && <ErrorPanel error={recorded.error} />}
            {recorded.problem !== undefined && <p className="text-sm text-bad">{recorded.problem}</p>}
            {taken?.notes.map((note) => (
              <p key={note} className="rounded-md bg-warn-soft px-3 py-1.5 text-sm">
                {note}
              </p>
            ))}
            <CallFields
              form={form}
              onChange={setForm}
              tools={recent.tools}
              problems={isAsked && !read.ok ? read.problems : {}}
            />
            <UnderPolicy policy={policy} value={under} onChange={setUnder} />
            <Button type="submit" variant="primary" disabled={decide.isPending}>
              Decide
            </Button>
          </form>
        </CardBody>
      </Card>
      <Card aria-label="Decision">
        <CardHeader title="Decision" note={isOther ? 'of the call as it was when you asked' : undefined} />
        {decide.error !== null && (
          <CardBody>
            <ErrorPanel error={decide.error} />
          </CardBody>
        )}
        {decide.data !== undefined && <DecisionView tried={decide.data} />}
        {decide.data === undefined && decide.error === null && (
          <EmptyState title="Nothing is asked yet">
            The call is judged as if an agent made it. It is not sent, and not recorded.
          </EmptyState>
        )}
      </Card>
    </div>
  );
}

interface RecordedCallState {
  readonly call?: RecordedCall;
  readonly problem?: string;
  readonly error?: unknown;
}

/** The call of `?record=<instance>.<seq>`, where the address names one. */
function useRecordedCall(proxy: string): RecordedCallState {
  const api = useApi();
  const name = useSearchParams().get('record');
  const ref = readRecordName(name);
  const record = useQuery(
    api.history.record.queryOptions(
      { proxy, instance: ref?.instance ?? '', seq: ref?.seq ?? 0 },
      {
        enabled: ref !== undefined,
        staleTime: Number.POSITIVE_INFINITY,
        select: (detail) => callOfRecord(detail.record, detail.payload) ?? null,
      },
    ),
  );
  if (name !== null && ref === undefined) return { problem: 'The address names no record.' };
  if (record.data === null) return { problem: 'That record is none of a call.' };
  return {
    ...(record.data === undefined ? {} : { call: record.data }),
    ...(record.error === null ? {} : { error: record.error }),
  };
}
