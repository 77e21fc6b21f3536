import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { DecisionBody, JournalRecord, OutcomeBody, RecordBody } from '@mcp-acp/shared/journal-record';
import { type HistoryDatabase, type OpenOptions, openDatabase } from '../src/open-database.ts';
import type { PlacedRecord, StreamBatch } from '../src/write-records.ts';

/** A folder of its own and the history in it, gone with the scope. */
export async function workshop() {
  const folder = mkdtempSync(join(tmpdir(), 'acp-db-'));
  const file = join(folder, 'history.sqlite');
  const opened: HistoryDatabase[] = [];
  return {
    folder,
    file,
    open: async (more: Partial<OpenOptions> = {}): Promise<HistoryDatabase> => {
      const database = await openDatabase({ file, ...more });
      opened.push(database);
      return database;
    },
    [Symbol.asyncDispose]: async () => {
      for (const { client } of opened) if (client.open) client.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every row of every table that is projected, in the order of its key. */
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

export interface FakeStream {
  readonly proxyId: ProxyId;
  readonly proxyName: string;
  readonly instance: InstanceId;
}

export const fakeStream = (proxy: number, start: number): FakeStream => ({
  proxyId: `px_${'abcdefgh'[proxy] ?? 'z'}aaaaaaaaaaaaaaa` as ProxyId,
  proxyName: `proxy-${proxy}`,
  instance: `inst_${'abcdefgh'[proxy] ?? 'z'}${'abcdefgh'[start] ?? 'z'}aaaaaaaaaaaaaa` as InstanceId,
});

export const begin = Date.UTC(2026, 0, 1);

/** Records as they would be read from a stream, numbered from 1. Hashes are none: nothing here looks at them. */
export const placed = (
  { proxyId, proxyName, instance }: FakeStream,
  bodies: readonly (readonly [time: number, body: RecordBody])[],
): PlacedRecord[] =>
  bodies.map(([time, body], index) => {
    const seq = index + 1;
    const hash = seq.toString(16).padStart(64, '0');
    const record = {
      ...body,
      proxyId,
      proxyName,
      instance,
      seq,
      time: new Date(time).toISOString(),
      prev: '',
      hash,
    };
    return { record: record as JournalRecord, seq, offset: index * 100, length: 100, hash };
  });

/** What a reader hands over after records `from` up to, but without, `to`. */
export function batch(
  stream: FakeStream,
  records: readonly PlacedRecord[],
  [from, to]: [number, number],
): StreamBatch {
  const { proxyId: proxy, instance } = stream;
  const last = records[to - 1];
  return {
    stream: { proxy, instance, stream: `${instance}.0001` },
    records: records.slice(from, to),
    place: { offset: to * 100, seq: to, hash: last?.hash ?? '', ended: to === records.length, state: 'open' },
  };
}

export const decision = (more: Partial<DecisionBody> = {}): DecisionBody => ({
  type: 'decision',
  from: 'client',
  class: 'access',
  method: 'tools/call',
  tool: 'read_file',
  client: 'claude',
  subject: 'local:ann',
  effect: 'allow',
  disposition: 'forwarded',
  size: 120,
  evalMs: 0.012,
  ...more,
});

export const outcome = (of: number, more: Partial<OutcomeBody> = {}): OutcomeBody => ({
  type: 'outcome',
  decision: of,
  status: 'ok',
  size: 99,
  durationMs: 1.5,
  backendMs: 1.25,
  ...more,
});
