import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { PageClient } from '@mcp-acp/api/client/page-client';
import type { HistoryRecord } from '@mcp-acp/api/ports/history';
import type { JournalRecord } from '@mcp-acp/shared/journal-record';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { binary, everythingServer, filesystemServer } from '../resources/fixtures.ts';
import { records } from '../resources/journal.ts';
import type { LineClient } from '../resources/line-client.ts';
import { type RunningManager, startManager } from '../resources/manager.ts';
import { unlockPage } from '../resources/page.ts';
import { TempHome } from '../resources/temp-home.ts';

const names = ['everything', 'files', 'notes'] as const;

/** `mcp-acp events tail --json`, as a person leaves it running. */
function tailEvents(home: TempHome) {
  const child = spawn(process.execPath, [binary, 'events', 'tail', '--json'], {
    env: home.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += String(chunk);
  });
  const events = (): readonly LiveEvent[] =>
    text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).event ?? JSON.parse(line));
  return {
    events,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGINT');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** Calls tools without pause until it is told to stop. */
async function keepCalling(client: LineClient, tool: string, stop: AbortSignal): Promise<number> {
  let calls = 0;
  const args = tool === 'list_allowed_directories' ? {} : { message: 'again' };
  for (; !stop.aborted; calls++) {
    const answer = await client.request('tools/call', { name: tool, arguments: args });
    expect(answer.error).toBeUndefined();
  }
  return calls;
}

/** Every record the history has of a proxy, page by page. */
async function wholeHistory({ client }: RunningManager, proxy: string): Promise<readonly HistoryRecord[]> {
  const found: HistoryRecord[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await client.api.history.records.query({
      proxy,
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(...page.records);
    if (page.cursor === undefined) return found;
    cursor = page.cursor;
  }
}

const placeOf = ({ instance, seq }: { readonly instance: string; readonly seq: number }): string =>
  `${instance} ${String(seq).padStart(9, '0')}`;

const inOrder = <Item extends { instance: string; seq: number }>(items: readonly Item[]): readonly Item[] =>
  [...items].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));

/** What the index and the journal both say of a record; the index adds what is known of the call besides. */
function essence(record: HistoryRecord | (JournalRecord & { readonly proxy: string })): unknown {
  const { proxy, instance, seq, time, type, hash } = record;
  const common = { proxy, instance, seq, time, type, hash };
  const { tool, method, disposition, effect, status } = record as HistoryRecord;
  if (type === 'decision') return { ...common, method, tool, disposition, effect };
  return type === 'outcome' ? { ...common, method, tool, status } : common;
}

const watchPage = (page: PageClient): LiveEvent[] => {
  const events: LiveEvent[] = [];
  page.api.events.live.subscribe(
    {},
    { onData: ({ data }) => events.push(...data.map(([, event]) => event)) },
  );
  return events;
};

const seenBy = (events: readonly LiveEvent[], type: LiveEvent['type']): readonly string[] =>
  [
    ...new Set(
      events.flatMap((event) => (event.type === type && 'proxy' in event ? [event.proxy?.name ?? ''] : [])),
    ),
  ].sort();

it(verifies(
  ['MANAGER-KILLED', 'HISTORY-COMPLETE', 'EVENTS-SEEN'],
  'three proxies with real servers, the manager killed and restarted under load: events go on, and the history is the journals, record by record',
), async () => {
  await using home = new TempHome();
  home.addProxy('everything', { backend: everythingServer });
  home.addProxy('files', { backend: filesystemServer(home.project) });
  home.addProxy('notes', { backend: everythingServer });
  await using first = await startManager(home);
  const clients = names.map((name) => home.start(name));
  await using _clients: AsyncDisposable = {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
    },
  };
  await using tail = tailEvents(home);
  const firstPage = watchPage(await unlockPage(first.client, first.port));
  await Promise.all(clients.map((client) => client.initialize()));
  const registered = async ({ client }: RunningManager): Promise<readonly string[]> =>
    (await client.api.proxies.list.query())
      .filter(({ connection }) => connection === 'connected')
      .map(({ name }) => name);
  await expect.poll(() => registered(first), { timeout: 30_000 }).toEqual([...names]);

  const stop = new AbortController();
  const tools = ['echo', 'list_allowed_directories', 'echo'];
  const calling = clients.map((client, place) => keepCalling(client, tools[place] ?? '', stop.signal));
  await expect.poll(() => seenBy(firstPage, 'call_finished'), { timeout: 30_000 }).toEqual([...names]);
  await expect.poll(() => seenBy(tail.events(), 'call_finished'), { timeout: 30_000 }).toEqual([...names]);

  const enough = (least: number) =>
    expect
      .poll(() => Math.min(...clients.map(({ messages }) => messages.length)), { timeout: 60_000 })
      .toBeGreaterThan(least);
  await enough(500);
  await first.kill();
  await enough(1_000);
  await using second = await startManager(home);
  const restartedAt = new Date().toISOString();
  const secondPage = watchPage(await unlockPage(second.client, second.port));
  await expect.poll(() => registered(second), { timeout: 30_000 }).toEqual([...names]);
  await expect.poll(() => seenBy(secondPage, 'call_finished'), { timeout: 30_000 }).toEqual([...names]);
  const sinceThen = (): readonly LiveEvent[] => tail.events().filter(({ time }) => time > restartedAt);
  await expect.poll(() => seenBy(sinceThen(), 'call_finished'), { timeout: 30_000 }).toEqual([...names]);

  await enough(1_500);
  stop.abort();
  const calls = await Promise.all(calling);
  expect(Math.min(...calls)).toBeGreaterThan(0);
  await Promise.all(clients.map((client) => client.end()));
  for (const name of names) {
    const written = inOrder(records(home, name));
    await expect
      .poll(async () => (await wholeHistory(second, name)).length, { timeout: 60_000, interval: 500 })
      .toBe(written.length);
    const history = inOrder(await wholeHistory(second, name));
    expect(history.map(essence)).toEqual(written.map((record) => essence({ ...record, proxy: name })));
    const last = written.at(-1);
    const { record } = await second.client.api.history.record.query({
      proxy: name,
      instance: last?.instance ?? '',
      seq: last?.seq ?? 0,
    });
    expect(record).toEqual(last);
  }
}, 180_000);
