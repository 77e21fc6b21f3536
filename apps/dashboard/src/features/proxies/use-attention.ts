'use client';

import { useQueries } from '@tanstack/react-query';
import { useApi } from '../../api/use-api.ts';
import { useNow } from '../../components/time.tsx';
import type { ProxySeen } from '../proxy/answers.ts';
import { isFailure } from '../proxy/ending-words.ts';
import { isSettled, lastEndOf } from '../proxy/last-end.ts';
import { sessionsQueryOf } from '../proxy/use-last-end.ts';

/**
 * Names of proxies that do not run and need somebody: the last session broke off, or what is started waits to be confirmed.
 * The cards ask the same questions, so each is asked once.
 */
export function useAttention(proxies: readonly ProxySeen[]): ReadonlySet<string> {
  const api = useApi();
  const now = useNow();
  const resting = proxies.filter(({ instances }) => instances.length === 0);
  const ended = resting.filter(({ connection }) => connection === 'disconnected');
  const broken = useQueries({
    queries: ended.map((proxy) => api.history.records.queryOptions(sessionsQueryOf(proxy))),
    combine: (answers) =>
      answers.map(({ data }, index) => {
        const proxy = ended[index];
        const end = data === undefined || proxy === undefined ? undefined : lastEndOf(proxy, data.records);
        return end !== undefined && isSettled(end, now) && isFailure(end.reason) ? proxy?.name : undefined;
      }),
  });
  const unconfirmed = useQueries({
    queries: resting.map(({ name }) => api.proxies.launch.queryOptions({ proxy: name })),
    combine: (answers) =>
      answers.map(({ data }, index) => (data?.confirmed === false ? resting[index]?.name : undefined)),
  });
  return new Set([...broken, ...unconfirmed].filter((name) => name !== undefined));
}
