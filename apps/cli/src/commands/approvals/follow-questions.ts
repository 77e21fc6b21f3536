import { setTimeout as delay } from 'node:timers/promises';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { proxyNames } from '@mcp-acp/config/proxy-config';
import { asAcpError } from '@mcp-acp/shared/errors';
import type { LiveEvent, LiveEventType } from '@mcp-acp/shared/live/live-event';
import { type ApprovalsAccess, type Asked, reachApprovals, type Unheard } from '../../live/approvals.ts';
import { followEvents } from '../../live/follow-events.ts';
import { newestFirst } from './list.ts';

export interface QuestionsSeen {
  /** Newest first. */
  readonly asked: readonly Asked[];
  readonly unheard: readonly Unheard[];
}

export interface QuestionsListener {
  /** Told after each change, and now and then. `access` is good until the next call. */
  seen(questions: QuestionsSeen): void;
  ended(event: Extract<LiveEvent, { type: 'approval_ended' }>): void;
  source(source: 'manager' | 'proxies'): void;
  problem(message: string): void;
}

export interface FollowQuestionsOptions {
  readonly paths: HomePaths;
  readonly proxy: string | undefined;
  /** A person sits there. */
  readonly canAnswer: boolean;
  readonly signal: AbortSignal;
  readonly listener: QuestionsListener;
}

/** What changes the list of questions, or the ways to them. */
const types: readonly LiveEventType[] = [
  'approval_asked',
  'approval_open',
  'approval_ended',
  'policy_reloaded',
  'proxy_registered',
  'proxy_disconnected',
];
/** Events that come together are one look. Milliseconds. */
const gatherMs = 50;
/** Without any event it is looked again after this time. Milliseconds. */
const lookMs = 5_000;

/** Keeps a list of all questions up to date until the signal, over restarts of the manager. */
export async function followQuestions(options: FollowQuestionsOptions): Promise<void> {
  const { paths, proxy, canAnswer, listener } = options;
  const failed = new AbortController();
  // What ends one of the two ends the other, too.
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const names = (): readonly string[] => (proxy === undefined ? proxyNames(paths) : [proxy]);
  let changed = new AbortController();
  const look = (): void => changed.abort();

  const following = followEvents({
    paths,
    names,
    ...(proxy === undefined ? {} : { proxy }),
    types,
    canAnswer,
    signal,
    onEvent: (event) => {
      if (event.type === 'approval_ended') listener.ended(event);
      look();
    },
    onSource: (source) => {
      listener.source(source);
      look();
    },
  });

  let access: ApprovalsAccess | undefined;
  const reading = async (): Promise<void> => {
    while (!signal.aborted) {
      changed = new AbortController();
      const before = access;
      try {
        access = await reachApprovals(paths, names());
        const asked = [...(await access.pending())].sort((one, other) =>
          newestFirst(one.question, other.question),
        );
        listener.seen({ asked, unheard: access.unheard });
      } catch (error) {
        listener.problem(asAcpError(error).message);
      }
      before?.close();
      await pause(lookMs, AbortSignal.any([changed.signal, signal]));
      await pause(gatherMs, signal);
    }
  };
  try {
    await Promise.all([following, reading()]);
  } finally {
    failed.abort();
    access?.close();
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined);
