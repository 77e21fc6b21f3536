import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Journal } from '@mcp-acp/audit/journal';
import { type JournalDisk, nodeDisk } from '@mcp-acp/audit/journal-disk';
import { openJournal } from '@mcp-acp/audit/open-journal';
import type { Backend } from '@mcp-acp/config/proxy-config';
import { type Clock, systemClock } from '@mcp-acp/shared/clock';
import type { AcpError } from '@mcp-acp/shared/errors';
import { type InstanceId, newInstanceId, newProxyId } from '@mcp-acp/shared/ids';
import type { DecisionBody, JournalRecord, OutcomeBody } from '@mcp-acp/shared/journal-record';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { guardedListener } from '../src/live/guarded-listener.ts';
import { observeJournal } from '../src/live/journal-observer.ts';
import { createLiveGuard, type LiveGuard } from '../src/live/live-guard.ts';
import { createLiveState, type LiveState } from '../src/live/live-state.ts';
import { createPersonSeen, type PersonSeen } from '../src/live/person-seen.ts';
import type { RecordTap } from '../src/live/record-tap.ts';
import { timeDisk } from '../src/live/timed-disk.ts';

const random = (length: number): Uint8Array => randomBytes(length);

export const stdioBackend: Backend = {
  id: 'files',
  transport: 'stdio',
  command: '/usr/bin/node',
  args: [],
  env: {},
  inheritEnv: [],
  callIdleMs: 0,
};

export interface LiveScene extends AsyncDisposable {
  readonly root: string;
  readonly instance: InstanceId;
  readonly journal: Journal;
  readonly live: LiveState;
  readonly person: PersonSeen;
  readonly guard: LiveGuard;
  /** What went wrong in the live state. */
  readonly troubles: readonly AcpError[];
  /** What the enforcement point would say. */
  readonly counts: { inFlight: number; pending: number; tools: number | undefined };
  /** While set, nothing can be written. */
  readonly disk: { fails: boolean };
  records(): readonly JournalRecord[];
}

/** The live state over a real journal in a folder of its own. */
export function openLiveScene(
  more: { readonly backend?: Backend; readonly clock?: Clock; readonly tap?: RecordTap['take'] } = {},
): LiveScene {
  const { backend = stdioBackend, clock = systemClock, tap } = more;
  const root = mkdtempSync(join(tmpdir(), 'acp-live-'));
  const id = newProxyId(random);
  const instance = newInstanceId(random);
  const failing = { fails: false };
  const disk: JournalDisk = {
    ...nodeDisk,
    write: (fd, bytes, position) => {
      if (failing.fails) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      return nodeDisk.write(fd, bytes, position);
    },
  };
  const timed = timeDisk(disk, clock);
  const opened = openJournal({
    auditDir: join(root, 'audit'),
    emergencyFile: join(root, 'emergency.jsonl'),
    proxyId: id,
    proxyName: 'files',
    instance,
    durability: 'flush',
    clock,
    disk: timed.disk,
    opened: { format: 1, pid: process.pid },
  });
  const { journal, observe } = observeJournal(opened, clock);
  const counts = { inFlight: 0, pending: 0, tools: undefined as number | undefined };
  const person = createPersonSeen(new AbortController().signal);
  const troubles: AcpError[] = [];
  const guard = createLiveGuard((error) => troubles.push(error));
  const live = createLiveState({
    origin: { id, name: 'files', instance },
    clock,
    pid: process.pid,
    program: '0.1.0',
    subject: 'local:ann',
    backend,
    versions: () => ({ policy: 'a'.repeat(64), config: 'b'.repeat(64), enabled: true }),
    counts: () => counts,
    person,
    connectMs: () => 12,
    journalTimes: timed.times,
    guard,
    ...(tap === undefined ? {} : { tap }),
  });
  observe(guardedListener(live, guard));
  return {
    guard,
    troubles,
    root,
    instance,
    journal,
    live,
    person,
    counts,
    disk: failing,
    records: () =>
      readdirSync(join(root, 'audit'))
        .filter((file) => file.endsWith('.jsonl'))
        .flatMap((file) => readFileSync(join(root, 'audit', file), 'utf8').split('\n'))
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as JournalRecord),
    [Symbol.asyncDispose]: async () => {
      failing.fails = false;
      await journal.close('failed').catch(() => undefined);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export const call = (more: Partial<DecisionBody> = {}): DecisionBody => ({
  type: 'decision',
  from: 'client',
  class: 'access',
  requestId: '1',
  method: 'tools/call',
  tool: 'echo',
  subject: 'local:ann',
  effect: 'allow',
  disposition: 'forwarded',
  size: 10,
  evalMs: 0.1,
  waitMs: 0,
  ...more,
});

export const answer = (decision: number, more: Partial<OutcomeBody> = {}): OutcomeBody => ({
  type: 'outcome',
  decision,
  status: 'ok',
  method: 'tools/call',
  tool: 'echo',
  durationMs: 2,
  backendMs: 1,
  ...more,
});

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Collects what a reader gets until the test stops it. */
export function readEvents(live: LiveState, lastEventId?: string) {
  const over = new AbortController();
  const got: (readonly [string, LiveEvent])[] = [];
  const done = (async () => {
    for await (const batch of live.read({ lastEventId, canAnswer: false }, over.signal)) got.push(...batch);
  })();
  return {
    got,
    types: () => got.map(([, { type }]) => type),
    /** Waits until something was got for which `wanted` holds. */
    until: async (what: string, wanted: () => boolean): Promise<void> => {
      const endMs = Date.now() + 20_000;
      while (!wanted()) {
        if (Date.now() > endMs) throw new Error(`${what} never came: ${JSON.stringify(got.slice(-3))}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    stop: async () => {
      over.abort();
      await done;
    },
  };
}
