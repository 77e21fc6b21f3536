import { randomUUID } from 'node:crypto';
import { createIncidentRows } from '@mcp-acp/db/incidents';
import type { HistoryDatabase } from '@mcp-acp/db/open-database';
import type { Clock } from '@mcp-acp/shared/clock';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';

/** What went wrong, and with whom. */
export interface HistoryIncident {
  readonly proxy?: { readonly id: ProxyId; readonly name: string; readonly instance?: InstanceId };
  readonly code: ErrorCode;
  readonly detail: string;
}

export interface IncidentReport {
  /** Keeps an incident and tells of it, once: `id` says what it is about. */
  report(id: string, incident: HistoryIncident): void;
  tampered(stream: TamperedStream): void;
}

/** A journal says something else than it did: one incident for each stream, whoever finds it. */
export interface TamperedStream {
  readonly proxyId: ProxyId;
  readonly proxyName: string;
  readonly stream: string;
  readonly instance?: InstanceId;
  readonly detail: string;
}

/** Longest detail that a live event carries. */
export const mostDetail = 1_000;

const rowOf = ({ proxy, code, detail }: HistoryIncident) => ({
  code,
  detail: detail.slice(0, mostDetail),
  ...(proxy === undefined
    ? {}
    : { proxy: proxy.id, proxyName: proxy.name, instance: proxy.instance ?? null }),
});

export function createIncidentReport(
  database: HistoryDatabase,
  clock: Clock,
  tell: (incident: HistoryIncident) => void,
): IncidentReport {
  const rows = createIncidentRows(database);
  const report: IncidentReport['report'] = (id, incident) => {
    const row = rowOf(incident);
    if (rows.add({ ...row, id, time: clock.now(), source: 'history' }))
      tell({ ...incident, detail: row.detail });
  };
  return {
    report,
    tampered: ({ proxyId, proxyName, stream, instance, detail }) =>
      report(`tampered ${proxyId}/${stream}`, {
        proxy: { id: proxyId, name: proxyName, ...(instance === undefined ? {} : { instance }) },
        code: 'audit_tampered',
        detail,
      }),
  };
}

/** Keeps what the manager tells of itself, as often as it is told. */
export function keepIncident(database: HistoryDatabase, clock: Clock, incident: HistoryIncident): void {
  const row = { ...rowOf(incident), time: clock.now(), source: 'manager' as const };
  createIncidentRows(database).add({ ...row, id: `manager ${row.time} ${randomUUID()}` });
}
