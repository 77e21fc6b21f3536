'use client';

import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { useEffect, useRef } from 'react';
import { formatCounted } from '../../components/format-number.ts';
import { toast } from '../../components/toast.tsx';
import { useLiveEvent } from '../../live/event-handlers.ts';
import { endedWords } from './answer-words.ts';
import { wasAnsweredHere } from './answered-here.ts';
import { nameOf } from './what-is-asked.ts';

const gatherMs = 300;
const toldEach = 3;

/** Tells who looks at questions why one is gone that they did not answer here; of many at once only how many. */
export function useEndedElsewhere(questions: readonly PendingApproval[]): void {
  const known = useRef<ReadonlyMap<string, PendingApproval>>(new Map());
  const gathered = useRef<string[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // One that is just gone from the list may still be told about.
    const next = new Map([...known.current].slice(-256));
    for (const question of questions) next.set(question.approval, question);
    known.current = next;
  }, [questions]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const tell = (): void => {
    timer.current = undefined;
    const all = gathered.current.splice(0);
    if (all.length <= toldEach) {
      // What reads the same is told once.
      for (const text of all) toast.info(text, text);
    } else {
      toast.info(`${formatCounted(all.length, 'question')} ended without you.`, 'ended-elsewhere');
    }
  };
  useLiveEvent(['approval_ended'], (event) => {
    const question = known.current.get(event.approval);
    if (question === undefined || wasAnsweredHere(event.approval)) return;
    const words = endedWords(event, question.state);
    if (words === undefined) return;
    gathered.current.push(`${nameOf(question)}: ${words}`);
    timer.current ??= setTimeout(tell, gatherMs);
  });
}
