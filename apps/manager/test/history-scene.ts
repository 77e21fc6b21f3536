import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Journal } from '@mcp-acp/audit/journal';
import type { JournalWriter } from '@mcp-acp/audit/journal-writer';
import { type JournalOptions, openJournal } from '@mcp-acp/audit/open-journal';
import { ownProcess } from '@mcp-acp/audit/process-identity';
import { recoverDeadStreams } from '@mcp-acp/audit/recover';
import { homePaths } from '@mcp-acp/config/home-paths';
import { type HistoryDatabase, openDatabase } from '@mcp-acp/db/open-database';
import { type Clock, systemClock } from '@mcp-acp/shared/clock';
import { newInstanceId, newProxyId, type ProxyId } from '@mcp-acp/shared/ids';
import type { DecisionBody } from '@mcp-acp/shared/journal-record';
import { createReadMarks, noMarks } from '../src/access/read-marks.ts';
import type { HistoryIncident } from '../src/history/incident-report.ts';
import { type History, type HistoryOptions, openHistory } from '../src/history/open-history.ts';
import { createProjector, type Projector } from '../src/history/projector.ts';

const random = (length: number): Uint8Array => randomBytes(length);
/** To this clock no sync takes long, so that a journal syncs on the test's thread. */
const fastDisk: Clock = { now: systemClock.now, monotonicMs: () => 0 };
export const deadProcess = { ...ownProcess(), started: '1' };
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface FakeProxy {
  readonly name: string;
  readonly proxyId: ProxyId;
  open(more?: Partial<JournalOptions>): Journal;
  heal(): void;
}

/** A home with journals of proxies that do not run, and histories of them. */
export function historyScene() {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'acp-history-')));
  const paths = homePaths({ MCP_ACP_HOME: home });
  mkdirSync(paths.db, { recursive: true, mode: 0o700 });
  const dbFile = join(paths.db, 'history.sqlite');
  const incidents: HistoryIncident[] = [];
  const log: { event: string; fields: Record<string, unknown> }[] = [];
  const states: string[] = [];
  const histories: History[] = [];
  const databases: HistoryDatabase[] = [];
  const note = (event: string, fields: object = {}): void => void log.push({ event, fields: { ...fields } });
  const projectorOptions = {
    paths,
    clock: systemClock as Clock,
    retention: { days: 36_500, megabytes: 1024 },
    onIncident: (incident: HistoryIncident) => void incidents.push(incident),
    log: note,
  };

  return {
    home,
    paths,
    dbFile,
    incidents,
    log,
    states,
    projectorOptions,
    proxy: (name: string, proxyId = newProxyId(random)): FakeProxy => ({
      name,
      proxyId,
      open: (more = {}) =>
        openJournal({
          auditDir: paths.auditDir(name),
          emergencyFile: paths.incidents.emergency,
          proxyId,
          proxyName: name,
          instance: newInstanceId(random),
          durability: 'flush',
          clock: fastDisk,
          opened: { program: '0.1.0', backend: `${name} (stdio)`, subject: 'local:ann' },
          ...more,
        }),
      heal: () => {
        const by = newInstanceId(random);
        recoverDeadStreams({ auditDir: paths.auditDir(name), proxyId, proxyName: name, by, clock: fastDisk });
      },
    }),
    database: async (file = dbFile): Promise<HistoryDatabase> => {
      const database = await openDatabase({ file });
      databases.push(database);
      return database;
    },
    projector: (database: HistoryDatabase, more: Partial<typeof projectorOptions> = {}): Projector =>
      createProjector(database, { ...projectorOptions, ...more }),
    history: async (more: Partial<HistoryOptions> = {}): Promise<History> => {
      const history = await openHistory({
        ...projectorOptions,
        marks: createReadMarks({ stored: noMarks, now: Date.now, onChanged: () => undefined }),
        dbFile,
        pollMs: 50,
        log: { write: (_, event, fields) => note(event, fields) },
        onState: (state) => void states.push(state),
        ...more,
      });
      histories.push(history);
      return history;
    },
    [Symbol.asyncDispose]: async () => {
      for (const history of histories) await history.close();
      for (const { client } of databases) if (client.open) client.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
export type HistoryScene = ReturnType<typeof historyScene>;

/** Projects until nothing is doubtful any more. */
export async function project(projector: Projector): Promise<void> {
  do await projector.pass();
  while (projector.doubtful && (await new Promise((resolve) => setTimeout(() => resolve(true), 110))));
}

/** Every row of every table that is projected, in the order of its key, and how far streams were read. */
export function dump({ client }: HistoryDatabase): Record<string, unknown[]> {
  const orders = {
    streams: 'id',
    shapes: 'id',
    records: 'time, stream, seq',
    incidents: 'id',
    series: 'scope, width, tool, proxy, start',
  };
  return Object.fromEntries(
    Object.entries(orders).map(([table, order]) => [
      table,
      client.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).all(),
    ]),
  );
}

/** The hashes of all records, by stream and in their order there. */
export const hashesOf = ({ client }: HistoryDatabase): string[] =>
  client
    .prepare<[], string>(
      `SELECT s.stream || ' ' || r.seq || ' ' || lower(hex(r.hash)) FROM records AS r
       JOIN streams AS s ON s.id = r.stream ORDER BY s.stream, r.seq`,
    )
    .pluck()
    .all();

export const decision = (more: Partial<DecisionBody> = {}): DecisionBody => ({
  type: 'decision',
  from: 'client',
  class: 'access',
  requestId: '1',
  method: 'tools/call',
  tool: 'read_file',
  client: 'Kläre 🙂',
  subject: 'local:ann',
  effect: 'allow',
  disposition: 'forwarded',
  size: 120,
  evalMs: 0.012,
  ...more,
});

/** Some calls, of which most end, a turn each. */
export async function callTools(journal: Journal, calls: number): Promise<void> {
  for (let count = 0; count < calls; count++) {
    const denied = count % 7 === 3;
    const seq = journal.append(
      decision({
        tool: `tool_${count % 5}`,
        requestId: String(count),
        ...(denied ? { effect: 'deny', disposition: 'denied', reason: 'policy_denied' } : {}),
      }),
    );
    if (count % 3 === 1) await turn();
    if (!denied && count % 11 !== 5) {
      journal.append({ type: 'outcome', decision: seq, status: 'ok', durationMs: count / 8, backendMs: 0.1 });
    }
    if (count % 13 === 7)
      journal.append({ type: 'incident', code: 'payloads_unavailable', detail: `${count}` });
  }
  await turn();
}

/** What a SIGKILL leaves of a writer. */
export const letDie = (journal: Journal): void => (journal as JournalWriter).release();
