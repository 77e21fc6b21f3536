'use client';

import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/use-api.ts';
import { useNow } from '../../components/time.tsx';
import type { ProxySeen } from './answers.ts';
import { type EndSentence, endingInWords } from './ending-words.ts';
import { isSettled, lastEndOf, type SessionEnd } from './last-end.ts';

/** An end with what is known of why. */
export interface KnownEnd extends SessionEnd {
  /** Absent as long as it is not known. */
  readonly words: EndSentence | undefined;
  /** What broke inside the proxy itself, in its own words. */
  readonly crash: string | undefined;
}

/** Newest first: an end is the last record of a session. */
const newestSessions = 20;
const askAgainMs = 2_000;

/** The question for the records {@link lastEndOf} reads. */
export const sessionsQueryOf = ({ name, last }: ProxySeen) => ({
  proxy: name,
  ...(last === undefined ? {} : { instance: last.status.instance as string }),
  type: 'session',
  limit: newestSessions,
});

/** How the last session of a proxy that does not run ended; undefined where it is not known that there was one. */
export function useLastEnd(proxy: ProxySeen): KnownEnd | undefined {
  const api = useApi();
  const now = useNow();
  const sessions = useQuery(
    api.history.records.queryOptions(sessionsQueryOf(proxy), {
      refetchInterval: ({ state: { data } }) => {
        const end = data === undefined ? undefined : lastEndOf(proxy, data.records);
        return end === undefined || isSettled(end, Date.now()) ? false : askAgainMs;
      },
    }),
  );
  const end = sessions.data === undefined ? undefined : lastEndOf(proxy, sessions.data.records);
  const detail = useQuery(
    api.history.record.queryOptions(
      { proxy: proxy.name, instance: end?.instance ?? '', seq: end?.closed ?? 0 },
      { enabled: end?.closed !== undefined && end.reason === 'backend_exited' },
    ),
  );
  const incidents = useQuery(api.history.incidents.queryOptions({ proxy: proxy.name, limit: 20 }));
  if (end === undefined) return undefined;
  const crash = incidents.data?.incidents.find(
    ({ code, instance }) => code === 'internal' && instance === end.instance,
  );
  const isReading = detail.isLoading || !isSettled(end, now);
  return {
    ...end,
    words: isReading ? undefined : endingInWords(end.reason, exitIn(detail.data?.record)),
    crash: crash?.detail,
  };
}

const exitIn = (record: unknown): string | undefined => {
  const exit: unknown =
    typeof record === 'object' && record !== null ? Reflect.get(record, 'backendExit') : undefined;
  return typeof exit === 'string' ? exit : undefined;
};
