import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import { lastEntryNumber, readEntryLine, readLedgerHead } from './ledger.ts';
import { livenessOf } from './process-identity.ts';

export interface LiveInstance {
  readonly instance: InstanceId;
  readonly pid: number;
  /** When its stream was opened, RFC 3339. */
  readonly startedAt: string;
  readonly stream: string;
}

/**
 * The instances of a proxy that run now, by the ledger's last entry and the processes it names. Those of another pid
 * namespace are left out: their ids mean nothing here. Throws AcpError('audit_unavailable') on a ledger that cannot be used.
 */
export function liveInstances(auditDir: string, proxyId?: ProxyId): readonly LiveInstance[] {
  const number = lastEntryNumber(auditDir);
  if (number === 0) return [];
  const owner = proxyId ?? ownerOf(auditDir, number);
  return (readLedgerHead(auditDir, owner)?.open ?? [])
    .filter((open) => livenessOf(open.process) === 'alive')
    .map(({ instance, process, time, stream }) => ({ instance, pid: process.pid, startedAt: time, stream }));
}

/** The proxy the entry names; that the entry is intact is checked when it is read. */
function ownerOf(auditDir: string, number: number): ProxyId {
  try {
    return (JSON.parse(readEntryLine(auditDir, number)) as { proxyId: ProxyId }).proxyId;
  } catch {
    return '' as ProxyId;
  }
}
