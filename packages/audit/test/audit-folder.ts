import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@mcp-acp/shared/clock';
import { type InstanceId, newInstanceId, newProxyId, type ProxyId } from '@mcp-acp/shared/ids';
import type { DecisionBody, JournalRecord, OutcomeBody } from '@mcp-acp/shared/journal-record';
import type { Journal } from '../src/journal.ts';
import type { JournalWriter } from '../src/journal-writer.ts';
import { type JournalOptions, openJournal } from '../src/open-journal.ts';
import { ownProcess, type ProcessIdentity } from '../src/process-identity.ts';
import { readRecords } from '../src/read-records.ts';
import { type HealedStream, recoverDeadStreams } from '../src/recover.ts';
import { type JournalVerdict, verifyJournal } from '../src/verify-journal.ts';

const random = (length: number): Uint8Array => randomBytes(length);
export const newInstance = (): InstanceId => newInstanceId(random);

/** To this clock no sync takes long, however slow the machine: syncs stay on the test's thread, and a turn is enough. */
const fastDiskClock: Clock = { now: systemClock.now, monotonicMs: () => 0 };

/** A process that has been and is no more. */
export const deadProcess: ProcessIdentity = { ...ownProcess(), started: '1' };

/** A proxy's log folder under the system's temporary one, removed when the test ends. */
export interface AuditFolder extends Disposable {
  readonly root: string;
  readonly auditDir: string;
  readonly proxyId: ProxyId;
  readonly emergencyFile: string;
  open(more?: Partial<JournalOptions>): Journal;
  heal(more?: Partial<Parameters<typeof recoverDeadStreams>[0]>): readonly HealedStream[];
  verify(): Promise<JournalVerdict>;
  records(): Promise<JournalRecord[]>;
}

export function auditFolder(root = fs.mkdtempSync(join(tmpdir(), 'acp-audit-'))): AuditFolder {
  const auditDir = join(root, 'audit');
  const emergencyFile = join(root, 'incidents', 'emergency.jsonl');
  const idFile = join(root, 'proxy-id');
  if (!fs.existsSync(idFile)) fs.writeFileSync(idFile, newProxyId(random));
  const proxyId = fs.readFileSync(idFile, 'utf8') as ProxyId;
  const common = { auditDir, proxyId, proxyName: 'files', clock: fastDiskClock };
  return {
    root,
    auditDir,
    proxyId,
    emergencyFile,
    open: (more = {}) =>
      openJournal({
        ...common,
        emergencyFile,
        instance: newInstance(),
        durability: 'sync',
        opened: { program: '0.1.0', backend: 'files (stdio)', subject: 'local:ann' },
        ...more,
      }),
    heal: (more = {}) => recoverDeadStreams({ ...common, by: newInstance(), ...more }),
    verify: () => verifyJournal(auditDir, { proxyId }),
    records: async () => {
      const found: JournalRecord[] = [];
      for await (const record of readRecords(auditDir)) found.push(record);
      return found;
    },
    [Symbol.dispose]: () => fs.rmSync(root, { recursive: true, force: true }),
  };
}

export const decision = (requestId: string, more: Partial<DecisionBody> = {}): DecisionBody => ({
  type: 'decision',
  from: 'client',
  class: 'access',
  requestId: JSON.stringify(requestId),
  method: 'tools/call',
  tool: 'read_file',
  client: 'Kläre 🙂',
  subject: 'local:ann',
  matched: [{ rule: 'read-project', effect: 'allow', conditions: ['tool_name'] }],
  facts: { operations: ['read'], operands: 1 },
  effect: 'allow',
  disposition: 'forwarded',
  size: 120,
  evalMs: 0.012,
  ...more,
});

export const outcome = (of: number): OutcomeBody => ({
  type: 'outcome',
  decision: of,
  status: 'ok',
  size: 99,
  durationMs: 1.5,
});

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Writes a small journal of several record types; closed, or left behind by a process that died. */
export async function smallLog(folder: AuditFolder, end: 'closed' | 'killed'): Promise<string> {
  const journal = folder.open(end === 'killed' ? { process: deadProcess } : {});
  journal.append({ type: 'policy', event: 'loaded', version: 'ab'.repeat(32) });
  const seq = journal.append(decision('1'), { durable: true });
  await turn();
  journal.append(outcome(seq));
  journal.append({ type: 'tool', event: 'seen', tool: 'read_file', digest: 'cd'.repeat(32) });
  await turn();
  if (end === 'closed') await journal.close('client closed', 'exit 0');
  else {
    journal.flushNow();
    letDie(journal);
  }
  return `${journal.instance}.0001`;
}

/** What a SIGKILL leaves: nothing of the writer goes on, no timer, no reservation. */
export const letDie = (journal: Journal): void => (journal as JournalWriter).release();

/** A stream file's content without the zeros reserved behind its records. */
export function recordBytes(path: string): Buffer {
  const content = fs.readFileSync(path);
  return content.subarray(0, content.findLastIndex((byte) => byte !== 0) + 1);
}

export const steppingClock = (): Clock => {
  let now = Date.UTC(2026, 0, 1);
  return { now: () => ++now, monotonicMs: () => now };
};
