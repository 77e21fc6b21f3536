import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { PageClient } from '@mcp-acp/api/client/page-client';
import { type Summary, summarize } from '../bench/statistics.ts';
import { type RunningManager, startManager } from '../resources/manager.ts';
import { unlockPage } from '../resources/page.ts';
import { TempHome } from '../resources/temp-home.ts';
import { createEventReader, type EventReader } from './event-reader.ts';
import { writePast } from './write-past.ts';

export interface LoadPlan {
  readonly proxies: number;
  readonly eventsPerSecond: number;
  readonly seconds: number;
  readonly records: number;
}

export interface SubscriberResult {
  readonly name: string;
  readonly events: number;
  readonly lost: number;
  readonly resyncs: number;
  readonly delayMs: Summary;
}

export interface LoadResult {
  readonly plan: LoadPlan;
  readonly history: { readonly records: number; readonly seconds: number };
  readonly told: number;
  readonly subscribers: readonly SubscriberResult[];
  /** MiB of the manager's process: before anything joined, the most under load, and after it. */
  readonly residentMiB: { readonly idle: number; readonly most: number; readonly after: number };
  /** Share of one core the manager used under load. */
  readonly processorShare: number;
  readonly queries: readonly { readonly name: string; readonly ms: Summary }[];
}

const pastProxies = ['files', 'mail', 'github', 'postgres', 'browser'].map((name, place) => ({
  name,
  id: `px_${'bcdef'.charAt(place)}${'a'.repeat(15)}`,
}));
const queryRounds = 40;

const residentMiB = ({ pid }: RunningManager): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;

/** Ticks of a hundredth of a second in user and system mode. */
function processorSeconds({ pid }: RunningManager): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export async function measureLoad(plan: LoadPlan, say: (step: string) => void): Promise<LoadResult> {
  await using home = new TempHome();
  say(`writing the journals of ${plan.records} records`);
  const past = await writePast(home, { proxies: pastProxies, records: plan.records });
  say('the manager reads them');
  await using manager = await startManager(home);
  const startedMs = performance.now();
  await untilCurrent(manager);
  const history = { records: past.records, seconds: (performance.now() - startedMs) / 1_000 };
  const idle = residentMiB(manager);
  const page = await unlockPage(manager.client, manager.port);
  say(`${plan.proxies} instances join`);
  const instances = await joinInstances(home, plan);
  const readers = { socket: createEventReader(), page: createEventReader() };
  manager.client.api.events.live.subscribe({}, { onData: ({ data }) => readers.socket.read(data) });
  page.api.events.live.subscribe({}, { onData: ({ data }) => readers.page.read(data) });
  const stuck = subscribeAndReadNothing(home);
  await untilSubscribed(manager, 3);
  say(`${plan.eventsPerSecond} events a second for ${plan.seconds} s`);
  const cpuBefore = processorSeconds(manager);
  const cpuFromMs = performance.now();
  instances.send('begin');
  let most = idle;
  const sampler = setInterval(() => {
    most = Math.max(most, residentMiB(manager));
  }, 250);
  const asking = askQueries(page);
  await sleep(plan.seconds * 1_000);
  instances.send('end');
  const [{ events: told }] = (await once(instances, 'message')) as [{ events: number }];
  const processorShare = ((processorSeconds(manager) - cpuBefore) * 1_000) / (performance.now() - cpuFromMs);
  await untilRead(Object.values(readers), told);
  const queries = await asking;
  clearInterval(sampler);
  const after = residentMiB(manager);
  stuck.destroy();
  instances.disconnect();
  await once(instances, 'exit');
  page.close();
  return {
    plan,
    history,
    told,
    subscribers: [result('on the socket', readers.socket, told), result('a page', readers.page, told)],
    residentMiB: { idle, most, after },
    processorShare,
    queries,
  };
}

function result(name: string, reader: EventReader, told: number): SubscriberResult {
  const { events, lost, resyncs, delaysMs } = reader.figures();
  return { name, events, lost: Math.max(lost, told - events), resyncs, delayMs: summarize(delaysMs) };
}

async function untilCurrent({ client }: RunningManager): Promise<void> {
  for (;;) {
    const { state, problem } = await client.api.history.state.query();
    if (state === 'current') return;
    if (state === 'unavailable') throw new Error(`The history cannot be used: ${problem}`);
    await sleep(200);
  }
}

async function untilSubscribed({ client }: RunningManager, subscribers: number): Promise<void> {
  while ((await client.api.manager.status.query()).subscribers < subscribers) await sleep(50);
}

/** Until all have come, or nothing comes any more. */
async function untilRead(readers: readonly EventReader[], told: number): Promise<void> {
  const count = (): number => Math.min(...readers.map((reader) => reader.figures().events));
  for (let last = -1; count() < told && count() !== last; ) {
    last = count();
    await sleep(2_000);
  }
}

async function joinInstances(home: TempHome, { proxies, eventsPerSecond }: LoadPlan): Promise<ChildProcess> {
  const child = fork(
    fileURLToPath(new URL('played-instances.ts', import.meta.url)),
    [String(proxies), String(eventsPerSecond)],
    { env: home.env, execArgv: ['--import', 'tsx'] },
  );
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The instances ended with ${code}.`);
    }),
  ]);
  return child;
}

/** A subscriber that never reads what it asked for. */
function subscribeAndReadNothing(home: TempHome) {
  const socket = createConnection(home.paths.managerSocket);
  socket.pause();
  const operation = { id: 1, method: 'subscription', params: { path: 'events.live', input: {} } };
  socket.write(`${JSON.stringify(operation)}\n`);
  socket.on('error', () => undefined);
  return socket;
}

async function askQueries({ api }: PageClient): Promise<LoadResult['queries']> {
  const day = 24 * 3_600_000;
  const now = Date.now();
  const queries: Readonly<Record<string, () => Promise<unknown>>> = {
    'all proxies': () => api.proxies.list.query(),
    totals: () => api.proxies.totals.query(),
    'the newest records': () => api.history.records.query({ limit: 50 }),
    'of one proxy': () => api.history.records.query({ proxy: 'mail', limit: 50 }),
    'denied, of one proxy': () =>
      api.history.records.query({ proxy: 'github', disposition: 'denied', limit: 50 }),
    'of one tool, a week ago': () =>
      api.history.records.query({ tool: 'send_mail', until: now - 7 * day, limit: 50 }),
    'words: write denied': () => api.history.records.query({ text: 'write denied', limit: 50 }),
    'words that do not occur': () => api.history.records.query({ text: 'nowhere', limit: 50 }),
    incidents: () => api.history.incidents.query({ limit: 50 }),
    'a day by the quarter of an hour': () =>
      api.history.series.query({ since: now - day, until: now, bucketMinutes: 15 }),
    'two weeks by the hour, one proxy': () =>
      api.history.series.query({ proxy: 'files', since: now - 14 * day, until: now, bucketMinutes: 60 }),
  };
  const times = new Map<string, number[]>(Object.keys(queries).map((name) => [name, []]));
  for (let round = 0; round < queryRounds; round++) {
    for (const [name, ask] of Object.entries(queries)) {
      const startMs = performance.now();
      await ask();
      times.get(name)?.push(performance.now() - startMs);
    }
  }
  return [...times].map(([name, ms]) => ({ name, ms: summarize(ms) }));
}
