'use client';

import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { useEffect, useRef } from 'react';
import { formatCounted } from '../../components/format-number.ts';
import { toast } from '../../components/toast.tsx';
import { useLiveEvent } from '../../live/event-handlers.ts';
import { tooLateWords } from './answer-words.ts';
import { wasAnsweredHere } from './answered-here.ts';
import { nameOf } from './what-is-asked.ts';

type Ended = Extract<LiveEvent, { readonly type: 'approval_ended' }>;

const gatherMs = 300;
const toldEach = 3;

/** Tells who looks at questions why one is gone that they did not answer here; of many at once only how many. */
export function useEndedElsewhere(questions: readonly PendingApproval[]): void {
  const known = useRef<ReadonlyMap<string, string>>(new Map());
  const gathered = useRef<{ readonly name: string; readonly event: Ended }[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // One that is just gone from the list may still be told about.
    const names = new Map([...known.current].slice(-256));
    for (const question of questions) names.set(question.approval, nameOf(question));
    known.current = names;
  }, [questions]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const tell = (): void => {
    timer.current = undefined;
    const all = gathered.current.splice(0);
    if (all.length <= toldEach) {
      for (const { name, event } of all) toast.info(`${name}: ${tooLateWords(event)}`, event.approval);
    } else {
      toast.info(`${formatCounted(all.length, 'question')} ended without you.`, 'ended-elsewhere');
    }
  };
  useLiveEvent(['approval_ended'], (event) => {
    const name = known.current.get(event.approval);
    if (name === undefined || wasAnsweredHere(event.approval)) return;
    gathered.current.push({ name, event });
    timer.current ??= setTimeout(tell, gatherMs);
  });
}
