'use client';

import { acpErrorOf } from '@mcp-acp/api/client/errors';
import type { GrantReach, PendingApproval } from '@mcp-acp/shared/live/approval';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useApi } from '../../api/use-api.ts';
import { shownText } from '../../components/foreign-text.tsx';
import { toast } from '../../components/toast.tsx';
import { answeredWords } from './answer-words.ts';
import { forgetAnsweredHere, markAnsweredHere } from './answered-here.ts';
import { useUndoToast } from './use-undo-toast.ts';
import { type AskedCall, nameOf } from './what-is-asked.ts';

export interface Answering {
  readonly isBusy: boolean;
  readonly approve: (reach?: GrantReach) => void;
  readonly deny: (reason?: string) => void;
}

/** Takes questions that are over out of what is shown, before the next list comes. */
export function useDropQuestions(): (approvals: readonly string[]) => void {
  const api = useApi();
  const queries = useQueryClient();
  return (approvals) => {
    const gone = new Set(approvals);
    queries.setQueryData(api.approvals.pending.queryKey(), (all) =>
      all === undefined
        ? all
        : { ...all, pending: all.pending.filter(({ approval }) => !gone.has(approval)) },
    );
  };
}

/** Answers one question as it is shown on its card, and tells what came of it. */
export function useAnswering(
  card: Pick<PendingApproval, 'proxy' | 'approval' | 'digest'> & AskedCall,
): Answering {
  const api = useApi();
  const queries = useQueryClient();
  const drop = useDropQuestions();
  const undoToast = useUndoToast();
  // Two clicks in one turn are one answer.
  const isSent = useRef(false);
  const { mutate, isPending, isSuccess } = useMutation(
    api.proxy.answer.mutationOptions({
      meta: { ownError: true },
      onMutate: ({ approval }) => markAnsweredHere([approval]),
      onSuccess: (answered) => {
        drop([answered.ended.approval]);
        const { level, text } = answeredWords(answered, nameOf(card));
        const { grant } = answered;
        const reason = answered.result === 'too_late' ? answered.ended.reason : undefined;
        const whole = reason === undefined || reason === '' ? text : `${text} “${shownText(reason, 200)}”`;
        if (grant === undefined) toast[level](whole);
        else undoToast(level, whole, grant);
      },
      onError: (error, { approval }) => {
        isSent.current = false;
        forgetAnsweredHere(approval);
        const { code, message, fix } = acpErrorOf(error);
        if (code === 'approval_changed') {
          toast.warning('What is asked for has changed since it was shown. Look at it again.');
        } else {
          toast.error(fix === undefined ? message : `${message} ${fix}`);
        }
        void queries.invalidateQueries({ queryKey: api.proxy.approval.pathKey() });
        void queries.invalidateQueries({ queryKey: api.approvals.pathKey() });
      },
    }),
  );
  const answer = (how: { answer: 'approve' | 'deny'; reach?: GrantReach; reason?: string }): void => {
    if (isSent.current) return;
    isSent.current = true;
    const { proxy, approval, digest } = card;
    mutate({ proxy: proxy.name, instance: proxy.instance, approval, digest, ...how });
  };
  return {
    isBusy: isPending || isSuccess,
    approve: (reach) => answer({ answer: 'approve', ...(reach === undefined ? {} : { reach }) }),
    deny: (reason) =>
      answer({ answer: 'deny', ...(reason === undefined || reason === '' ? {} : { reason }) }),
  };
}
