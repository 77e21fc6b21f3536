'use client';

import { useQueries, useQuery } from '@tanstack/react-query';
import { useApi } from '../../../api/use-api.ts';
import type { HistoryRecord } from '../answers.ts';
import { likelyAnswers, likelyGrants } from './answer-of-call.ts';
import { type JournalFields, journalFields } from './journal-fields.ts';

/** The clock may stand still between the record of an answer and that of its call. Milliseconds. */
const clockMs = 1_000;
const looked = 40;

/** The record that ended the question of a call, and the one that made the grant it went by; each undefined where not found. */
export function useAnswerOfCall(proxy: string, decision: JournalFields) {
  const api = useApi();
  const [approval, grant, tool] = ['approval', 'grant', 'tool'].map((name) => decision.text(name));
  const query = {
    proxy,
    instance: decision.text('instance') ?? '',
    type: 'approval',
    ...(tool === undefined ? {} : { tool: tool.slice(0, 256) }),
    until: Date.parse(decision.text('time') ?? '') + clockMs,
    limit: looked,
  };
  const steps = useQuery(api.history.records.queryOptions(query, { enabled: approval !== undefined }));
  const grants = useQuery(
    api.history.records.queryOptions({ ...query, text: 'grant_made' }, { enabled: grant !== undefined }),
  );
  const answer = useRecordThatSays(
    proxy,
    approval === undefined ? [] : likelyAnswers(steps.data?.records ?? [], decision.text('requestId')),
    (fields) => fields.text('approval') === approval,
  );
  const made = useRecordThatSays(
    proxy,
    grant === undefined ? [] : likelyGrants(grants.data?.records ?? []),
    (fields) => fields.text('grant') === grant,
  );
  return { answer, made };
}

function useRecordThatSays(
  proxy: string,
  likely: readonly HistoryRecord[],
  isMeant: (fields: JournalFields) => boolean,
): JournalFields | undefined {
  const api = useApi();
  const read = useQueries({
    queries: likely.map(({ instance, seq }) =>
      api.history.record.queryOptions({ proxy, instance, seq }, { staleTime: Number.POSITIVE_INFINITY }),
    ),
  });
  return read.flatMap(({ data }) => journalFields(data?.record) ?? []).find(isMeant);
}
