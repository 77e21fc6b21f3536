import { ownClientName } from '@mcp-acp/shared/own-client';
import type { HistoryRecord, ProxySeen } from './answers.ts';

/** What is on record of how a session ended. */
export interface SessionEnd {
  readonly instance: string;
  /** RFC 3339. */
  readonly since: string | undefined;
  /** As it called itself. */
  readonly client: string | undefined;
  /** The number of the record that closed it; absent where it wrote none. */
  readonly closed: number | undefined;
  /** Why, in the one word of that record. */
  readonly reason: string | undefined;
}

/**
 * The end of the session a proxy had last, from the newest records of its sessions. The manager may have seen none of them:
 * those that were too short for that are in the journal all the same.
 */
export function lastEndOf(proxy: ProxySeen, newestFirst: readonly HistoryRecord[]): SessionEnd | undefined {
  const status = proxy.last?.status;
  const instance = status?.instance ?? newestFirst[0]?.instance;
  if (instance === undefined) return undefined;
  const records = newestFirst.filter((record) => record.instance === instance);
  const closed = records.find(({ event }) => event === 'closed');
  return {
    instance,
    since: proxy.disconnectedSince ?? closed?.time ?? records[0]?.time,
    client: status?.client?.name ?? records.find(({ event }) => event === 'identified')?.client,
    closed: closed?.seq,
    reason: closed?.reason,
  };
}

/** A record of its end may come into the history so much later. Milliseconds. */
const recordedWithinMs = 5_000;

/** Whether it must be taken for true that nothing closed the session. */
export const isSettled = ({ closed, since }: SessionEnd, now: number): boolean =>
  closed !== undefined || since === undefined || now - Date.parse(since) > recordedWithinMs;

/** It was no client's session, but mcp-acp's own look at the server. */
export const wasCheck = ({ client }: Pick<SessionEnd, 'client'>): boolean => client === ownClientName;
