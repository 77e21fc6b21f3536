/**
 * How fast the history answers with a million records: builds them with a realistic distribution and prints the median and
 * 95th percentile of each query of a dashboard. `npx tsx bench/million.ts [records] [seed]`
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { DecisionBody, JournalRecord, OutcomeStatus, RecordBody } from '@mcp-acp/shared/journal-record';
import { createIncidentRows } from '../src/incidents.ts';
import { openDatabase } from '../src/open-database.ts';
import { createSeriesReader } from '../src/read-series.ts';
import { createRecordSearch, type RecordFilter } from '../src/search-records.ts';
import { createRecordWriter, type PlacedRecord, type StreamBatch } from '../src/write-records.ts';

const wanted = Number(process.argv[2] ?? 1_000_000);
let state = Number(process.argv[3] ?? 1) >>> 0;
/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
const random = (): number => {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
/** Few of the items come often, most of them seldom. */
const skewed = <T>(items: readonly T[]): T => items[Math.floor(random() ** 3 * items.length)] as T;
const letters = (count: number): string =>
  Array.from({ length: count }, () => 'abcdefghijklmnop'[Math.floor(random() * 16)]).join('');

const nouns = ['file', 'issue', 'branch', 'row', 'page', 'message', 'order', 'event', 'image', 'user'];
const verbs = ['read', 'list', 'search', 'write', 'create', 'delete', 'update', 'fetch'];
const clients = ['claude-desktop', 'cursor', 'vscode'];
const days = 30;
const end = Date.UTC(2026, 5, 1);
const begin = end - days * 86_400_000;

interface Stream {
  readonly proxyId: ProxyId;
  readonly proxyName: string;
  readonly instance: InstanceId;
  readonly tools: readonly string[];
  readonly client: string;
  seq: number;
  offset: number;
}

function streamsOf(proxies: number, starts: number): Stream[] {
  return Array.from({ length: proxies }, (_, proxy) => {
    const proxyId = `px_${letters(16)}` as ProxyId;
    const tools = Array.from({ length: 12 }, () => `${pick(verbs)}_${pick(nouns)}`);
    return Array.from({ length: starts }, (): Stream => {
      const instance = `inst_${letters(16)}` as InstanceId;
      return {
        proxyId,
        proxyName: `proxy-${proxy}`,
        instance,
        tools,
        client: pick(clients),
        seq: 0,
        offset: 0,
      };
    });
  }).flat();
}

const hash = 'ab'.repeat(32);

function place(stream: Stream, body: RecordBody, time: number): PlacedRecord {
  const { proxyId, proxyName, instance } = stream;
  const seq = ++stream.seq;
  const length = 600 + Math.floor(random() * 200);
  const record = {
    ...body,
    proxyId,
    proxyName,
    instance,
    seq,
    time: new Date(time).toISOString(),
    prev: hash,
    hash,
  };
  stream.offset += length;
  return { record: record as JournalRecord, seq, offset: stream.offset - length, length, hash };
}

/** A call of a tool with its outcome, or something else now and then. */
function call(stream: Stream, time: number): PlacedRecord[] {
  const chance = random();
  const shared = {
    type: 'decision',
    from: 'client',
    client: stream.client,
    subject: 'local:ann',
    size: 300,
  } as const;
  const requestId = String(stream.seq);
  if (chance < 0.04) {
    const listed = place(
      stream,
      { ...shared, class: 'discovery', method: 'tools/list', disposition: 'observed', requestId },
      time,
    );
    return [listed];
  }
  if (chance < 0.05) {
    return [
      place(stream, { type: 'incident', code: 'payloads_unavailable', detail: 'ENOSPC', count: 1 }, time),
    ];
  }
  const tool = skewed(stream.tools);
  const effect = chance < 0.12 ? 'deny' : chance < 0.16 ? 'ask' : 'allow';
  const decision: DecisionBody = {
    ...shared,
    class: 'access',
    method: 'tools/call',
    requestId,
    tool,
    effect,
    decidedBy: effect === 'allow' ? 'read-project' : effect === 'ask' ? 'writes' : 'no-secrets',
    disposition: effect === 'deny' ? 'denied' : 'forwarded',
    evalMs: 0.01 + random() * 0.05,
    ...(effect === 'ask' ? { waitMs: 1000 + random() * 30_000 } : {}),
    ...(effect === 'deny' ? { reason: 'policy_denied' as const } : {}),
  };
  const decided = place(stream, decision, time);
  if (effect === 'deny') return [decided];
  const rare = random();
  const status: OutcomeStatus = rare < 0.0005 ? 'timed_out' : rare < 0.03 ? 'tool_error' : 'ok';
  const durationMs = Math.exp(random() * 6);
  return [
    decided,
    place(
      stream,
      {
        type: 'outcome',
        decision: decided.record.seq,
        status,
        requestId,
        tool,
        size: 900,
        durationMs,
        backendMs: durationMs * 0.95,
      },
      time + durationMs,
    ),
  ];
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'acp-million-'));
  try {
    const database = await openDatabase({ file: join(folder, 'history.sqlite') });
    const writer = createRecordWriter(database);
    const streams = streamsOf(100, 20);
    let records = 0;
    let pending = new Map<Stream, PlacedRecord[]>();
    let part = 0;
    const writing = performance.now();
    /** Stream by stream, as journals are read. */
    const flush = (): void => {
      let batches: StreamBatch[] = [];
      let held = 0;
      for (const [stream, placed] of pending) {
        const name = { proxy: stream.proxyId, instance: stream.instance, stream: `${stream.instance}.0001` };
        for (let from = 0; from < placed.length; from += 500) {
          const position = { offset: stream.offset, seq: stream.seq, hash, ended: false };
          const part = placed.slice(from, from + 500);
          batches.push({ stream: name, records: part, place: { ...position, state: 'open' } });
          held += part.length;
          if (held < 500) continue;
          writer.write(batches);
          batches = [];
          held = 0;
        }
      }
      writer.write(batches);
      pending = new Map();
    };
    while (records < wanted) {
      const share = records / wanted;
      if (Math.floor(share * 20) > part) {
        part++;
        flush();
      }
      // Each proxy is started anew from time to time; a few proxies do most of the work.
      const proxy = Math.floor(random() ** 2 * 100);
      const stream = streams[proxy * 20 + part] as Stream;
      const placed = call(stream, begin + share * (end - begin) + random() * 1000);
      const held = pending.get(stream);
      if (held === undefined) pending.set(stream, placed);
      else held.push(...placed);
      records += placed.length;
    }
    flush();
    writer.tidy();
    const seconds = (performance.now() - writing) / 1000;
    const { size } = statSync(database.file);
    const shapes = database.client.prepare('SELECT count(*) FROM shapes').pluck().get();
    console.log(
      `${records} records in ${seconds.toFixed(1)} s, ${(size / 2 ** 20).toFixed(0)} MiB, ${shapes} shapes`,
    );
    if (process.env.SIZES)
      console.log(
        database.client
          .prepare(
            'SELECT name, sum(pgsize)/1024 kib, sum(ncell) cells FROM dbstat GROUP BY name ORDER BY 2 DESC',
          )
          .all(),
      );
    measure(database, streams);
    database.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(database: Awaited<ReturnType<typeof openDatabase>>, streams: readonly Stream[]): void {
  const search = createRecordSearch(database);
  const series = createSeriesReader(database);
  const incidents = createIncidentRows(database);
  const page =
    (filter: () => RecordFilter, pages = 1, limit = 50) =>
    (): void => {
      let cursor: string | undefined;
      const chosen = filter();
      for (let count = 0; count < pages; count++) {
        const found = search.page(chosen, cursor === undefined ? { limit } : { limit, cursor });
        cursor = found?.cursor;
        if (cursor === undefined) return;
      }
    };
  const day = (): RecordFilter => {
    const since = begin + Math.floor(random() * days) * 86_400_000;
    return { since, until: since + 86_400_000 };
  };
  const stream = (): Stream => streams[Math.floor(random() * streams.length)] as Stream;
  const lately =
    (span: number, bucketMinutes: number, filter: () => { proxy?: string; tool?: string }) => (): void => {
      series.buckets({ ...filter(), since: end - span * 86_400_000, until: end, bucketMinutes });
    };
  const queries: Record<string, () => void> = {
    newest: page(() => ({})),
    'newest 200': page(() => ({}), 1, 200),
    calls: page(() => ({ type: 'decision' })),
    'calls of a proxy': page(() => ({ type: 'decision', proxy: stream().proxyName })),
    'a tool of all proxies': page(() => ({ tool: skewed(stream().tools) })),
    'a tool of a proxy': page(() => {
      const { proxyName, tools } = stream();
      return { proxy: proxyName, tool: pick(tools) };
    }),
    'a method': page(() => ({ method: 'tools/list' })),
    denied: page(() => ({ effect: 'deny', type: 'decision' })),
    'asked, of a day': page(() => ({ effect: 'ask', type: 'decision', ...day() })),
    'timed out': page(() => ({ status: 'timed_out', type: 'decision' })),
    'no outcome': page(() => ({ status: 'none' })),
    'incidents among records': page(() => ({ type: 'incident' })),
    'a day': page(day),
    'an instance': page(() => ({ instance: stream().instance })),
    'denied of an instance': page(() => ({ instance: stream().instance, effect: 'deny' })),
    'text: delete': page(() => ({ text: 'delete' })),
    'text: delete page cursor': page(() => ({ text: 'delete page cursor' })),
    'text: ok': page(() => ({ text: 'ok' })),
    'text, a day, proxy': page(() => ({ text: 'read', proxy: stream().proxyName, ...day() })),
    'text that is nowhere': page(() => ({ text: 'zzzzzz' })),
    'ten pages of denied': page(() => ({ effect: 'deny' }), 10),
    'a record by its number': () => void search.find(stream().instance, 1 + Math.floor(random() * 400)),
    'incidents of a proxy': () => void incidents.page({ proxy: stream().proxyName, limit: 50 }),
    'series of all, a day by 5 min': lately(1, 5, () => ({})),
    'series of all, a month by hour': lately(days, 60, () => ({})),
    'series of a proxy, a day by min': lately(1, 1, () => ({ proxy: stream().proxyName })),
    'series of a proxy, a month by hour': lately(days, 60, () => ({ proxy: stream().proxyName })),
    'series of a tool, a week by hour': lately(7, 60, () => ({ tool: pick(stream().tools) })),
    'series of its tool, a day by min': lately(1, 1, () => {
      const { proxyName, tools } = stream();
      return { proxy: proxyName, tool: pick(tools) };
    }),
  };
  for (const [name, query] of Object.entries(queries)) {
    const times: number[] = [];
    for (let count = 0; count < 60; count++) {
      const from = performance.now();
      query();
      times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    const at = (share: number): string =>
      (times[Math.floor(times.length * share)] ?? 0).toFixed(2).padStart(8);
    console.log(`${name.padEnd(36)} median ${at(0.5)} ms   p95 ${at(0.95)} ms   worst ${at(0.999)} ms`);
  }
}

await main();
