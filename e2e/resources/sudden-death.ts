import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command-line.ts';
import { plainServer } from './fixtures.ts';
import { streamFiles } from './journal.ts';
import { allEnded, treeOf } from './process-table.ts';
import { runSeed, seededRandom } from './seeded-random.ts';
import { TempHome } from './temp-home.ts';

export interface SuddenDeathReport {
  readonly seed: number;
  readonly moments: number;
  /** Calls whose answers the client had when the proxy died. */
  readonly acknowledged: number;
  /** Everything that must not be: a sentence each. */
  readonly faults: readonly string[];
}

const inFlight = 8;

/** Starts the proxy, loads it, kills it after `afterMs`, and returns the ids whose answers had come. */
async function dieOnce(home: TempHome, round: number, afterMs: number): Promise<readonly string[]> {
  await using client = home.start('p');
  const family = new Set<number>();
  let sent = 0;
  const next = (): Promise<void> => {
    const id = `r${round}-${sent++}`;
    return client.sendLine(
      `{"jsonrpc":"2.0","id":"${id}","method":"tools/call","params":{"name":"echo","arguments":{"message":"${id}"}}}`,
    );
  };
  const prefix = `r${round}-`;
  const answered = (): readonly string[] =>
    client.messages.flatMap(({ id, result }) =>
      typeof id === 'string' && id.startsWith(prefix) && result !== undefined ? [id] : [],
    );
  let seen = 0;
  client.child.stdout.on('data', () => {
    const now = answered().length;
    for (; seen < now; seen++) void next();
  });
  const load = client.initialize().then(async () => {
    for (let count = 0; count < inFlight; count++) await next();
  });
  load.catch(() => {
    // Killed before the handshake was over: nothing was acknowledged.
  });
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  for (const pid of treeOf(client.pid)) family.add(pid);
  client.child.kill('SIGKILL');
  await client.ended();
  await allEnded([...family]);
  return answered();
}

/** What the journal on disk holds, by request id, read as text. */
function recorded(home: TempHome): {
  readonly intents: ReadonlySet<string>;
  readonly outcomes: ReadonlySet<string>;
} {
  const intents = new Set<string>();
  const outcomes = new Set<string>();
  for (const file of streamFiles(home, 'p')) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      let record: { type?: string; disposition?: string; requestId?: string };
      try {
        record = JSON.parse(line);
      } catch {
        continue; // A torn tail, or the room kept for records to come.
      }
      if (record.requestId === undefined) continue;
      if (record.type === 'decision' && record.disposition === 'forwarded') intents.add(record.requestId);
      if (record.type === 'outcome') outcomes.add(record.requestId);
    }
  }
  return { intents, outcomes };
}

/** Kills a proxy under load at random moments, start and handshake included, and checks after each death. */
export async function suddenDeaths(moments: number): Promise<SuddenDeathReport> {
  const seed = runSeed();
  const random = seededRandom(seed);
  const faults: string[] = [];
  let acknowledged = 0;
  await using home = new TempHome();
  const ran = join(home.base, 'ran');
  home.addProxy('p', { backend: plainServer('--ran', ran) });
  for (let round = 1; round <= moments; round++) {
    const afterMs = 20 + random() * 600;
    const answers = await dieOnce(home, round, afterMs).catch((error: unknown) => {
      faults.push(`round ${round}: ${String(error)}`);
      return [];
    });
    acknowledged += answers.length;
    const { intents, outcomes } = recorded(home);
    for (const id of answers) {
      const key = JSON.stringify(id);
      if (!intents.has(key)) faults.push(`round ${round}: answered ${id} has no intent`);
      if (!outcomes.has(key)) faults.push(`round ${round}: answered ${id} has no outcome`);
    }
    const calls = existsSync(ran) ? readFileSync(ran, 'utf8').split('\n') : [];
    for (const line of calls) {
      const id = /"id":("r\d+-\d+")/.exec(line)?.[1];
      if (id !== undefined && !intents.has(id)) faults.push(`round ${round}: ${id} ran without an intent`);
    }
    if (round % 10 === 0 || round === moments) {
      const verdict = await runCommand(home, ['audit', 'verify', '--proxy', 'p', '--json']);
      if (verdict.code !== 0)
        faults.push(`round ${round}: audit verify said ${verdict.code}: ${verdict.stdout}`);
    }
  }
  // The last start must come up by itself and work.
  await using client = home.start('p');
  await client.initialize();
  const alive = await client.call('echo', { message: 'alive' });
  if (alive.result?.isError !== undefined) faults.push(`after all: ${JSON.stringify(alive)}`);
  await client.end();
  const verdict = await runCommand(home, ['audit', 'verify', '--proxy', 'p', '--json']);
  if (verdict.code !== 0) faults.push(`after all: audit verify said ${verdict.code}: ${verdict.stdout}`);
  return { seed, moments, acknowledged, faults };
}
