import type { HomePaths } from '@mcp-acp/config/home-paths';
import { createPathResolver } from '@mcp-acp/config/path-resolver';
import type { Effect } from '@mcp-acp/shared/effect';
import { compileCandidate, createPastJudge, decidedThen, type PastVerdict } from './judge-past.ts';
import type { DecisionRecord } from './past-decisions.ts';
import { scanPast } from './scan-past.ts';

/** A policy to run over the recorded calls of a proxy. */
export interface ReplayTask {
  readonly paths: HomePaths;
  readonly proxy: string;
  /** The candidate. */
  readonly text: string;
  readonly days: number;
  /** What `~` stands for. */
  readonly home: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface ReplayProgress {
  readonly type: 'progress';
  readonly doneCalls: number;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export type ReplayedEffect = Effect | 'unknown';

/** A call that the candidate decides otherwise. */
export interface ChangedCall {
  readonly proxy: string;
  readonly instance: string;
  readonly seq: number;
  readonly time: string;
  readonly method: string;
  readonly tool?: string;
  readonly client?: string;
  readonly before: Effect;
  readonly after: ReplayedEffect;
  readonly decidedBefore?: string;
  readonly decidedAfter?: string;
}

export interface ReplayResult {
  readonly calls: number;
  readonly unknown: number;
  readonly promptsBefore: number;
  readonly promptsAfter: number;
  readonly counts: readonly {
    readonly before: Effect;
    readonly after: ReplayedEffect;
    readonly calls: number;
  }[];
  /** The newest first, at most 500. */
  readonly changed: readonly ChangedCall[];
  readonly changedTotal: number;
  readonly tookMs: number;
}

export type ReplayStep = ReplayProgress | { readonly type: 'result'; readonly result: ReplayResult };

const mostChanged = 500;

/**
 * What a policy would have decided about the calls of the last days, beside what was decided then. A call of which not
 * enough is kept to say it is unknown. Steps of progress, then one result; none where the signal ended it. Throws AcpError:
 * 'proxy_unknown', 'config_invalid', 'policy_invalid', 'audit_unavailable'.
 */
export async function* replayPolicy(task: ReplayTask, signal: AbortSignal): AsyncGenerator<ReplayStep> {
  const startedAt = performance.now();
  const { home } = task;
  const policy = compileCandidate(task.text, { home, resolver: createPathResolver({ cwd: home, home }) });
  const tally = createTally(task.proxy);
  for await (const step of scanPast(task, signal)) {
    const judge = createPastJudge(policy, step.protectedRoots);
    for (const { record, call } of step.calls) tally.add(record, judge.judge(record, call));
    yield step.progress;
  }
  if (signal.aborted) return;
  yield { type: 'result', result: { ...tally.result(), tookMs: performance.now() - startedAt } };
}

function createTally(proxy: string) {
  const counts = new Map<string, { before: Effect; after: ReplayedEffect; calls: number }>();
  let changed: ChangedCall[] = [];
  let changedTotal = 0;

  const newest = (): ChangedCall[] =>
    changed
      .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : b.seq - a.seq))
      .slice(0, mostChanged);

  return {
    add: (record: DecisionRecord, { effect: after, decidedBy }: PastVerdict): void => {
      const before = decidedThen(record);
      const key = `${before} ${after}`;
      const count = counts.get(key);
      if (count === undefined) counts.set(key, { before, after, calls: 1 });
      else count.calls++;
      if (before === after) return;
      changedTotal++;
      changed.push(changedCall(proxy, record, { before, after, decidedAfter: decidedBy }));
      if (changed.length >= 4 * mostChanged) changed = newest();
    },
    result: (): Omit<ReplayResult, 'tookMs'> => {
      const all = [...counts.values()];
      const sum = (wanted: (count: (typeof all)[number]) => boolean): number =>
        all.filter(wanted).reduce((total, { calls }) => total + calls, 0);
      return {
        calls: sum(() => true),
        unknown: sum(({ after }) => after === 'unknown'),
        promptsBefore: sum(({ before }) => before === 'ask'),
        promptsAfter: sum(({ after }) => after === 'ask'),
        counts: all.sort((a, b) => (`${a.before} ${a.after}` < `${b.before} ${b.after}` ? -1 : 1)),
        changed: newest(),
        changedTotal,
      };
    },
  };
}

function changedCall(
  proxy: string,
  { instance, seq, time, method = '', tool, client, decidedBy }: DecisionRecord,
  effects: { before: Effect; after: ReplayedEffect; decidedAfter: string | undefined },
): ChangedCall {
  const { before, after, decidedAfter } = effects;
  return {
    proxy,
    instance,
    seq,
    time,
    method,
    ...(tool === undefined ? {} : { tool }),
    ...(client === undefined ? {} : { client }),
    before,
    after,
    ...(decidedBy === undefined ? {} : { decidedBefore: decidedBy }),
    ...(decidedAfter === undefined ? {} : { decidedAfter }),
  };
}
