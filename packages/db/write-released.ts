/**
 * Writes `released/<format>.sql`: a history as the present version writes it, as SQL. To be run once for each release that
 * has a new format, and never again for that one: `npx tsx write-released.ts`
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { createEventRows } from './src/event-rows.ts';
import { createProxyRows } from './src/proxy-rows.ts';
import { createRecordWriter } from './src/write-records.ts';
import { batch, begin, decision, fakeStream, outcome, placed, workshop } from './test/workshop.ts';

const quoted = (value: unknown): string =>
  value === null
    ? 'NULL'
    : typeof value === 'number'
      ? String(value)
      : Buffer.isBuffer(value)
        ? `X'${value.toString('hex')}'`
        : `'${String(value).replaceAll("'", "''")}'`;

function dumpAsSql(client: Database): string {
  const objects = client
    .prepare<[], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'shapes_text_%' AND name NOT LIKE 'sqlite_%'`,
    )
    .all();
  const tables = objects.filter(({ name, sql }) => sql.startsWith('CREATE TABLE') && name !== 'shapes_text');
  const rows = tables.flatMap(({ name }) =>
    client
      .prepare(`SELECT * FROM ${name}`)
      .raw()
      .all()
      .map((row) => `INSERT INTO ${name} VALUES (${(row as unknown[]).map(quoted).join(', ')});`),
  );
  return [
    ...['application_id', 'user_version'].map(
      (name) => `PRAGMA ${name} = ${client.pragma(name, { simple: true })};`,
    ),
    ...objects.map(({ sql }) => `${sql};`),
    ...rows,
    'INSERT INTO shapes_text (rowid, words) SELECT id, words FROM shapes;',
    '',
  ].join('\n');
}

async function write(): Promise<void> {
  await using shop = await workshop();
  const database = await shop.open();
  const writer = createRecordWriter(database);
  for (const stream of [fakeStream(0, 0), fakeStream(1, 0)]) {
    const records = placed(stream, [
      [begin, { type: 'session', event: 'opened', program: '0.1.0' }],
      [begin + 100, decision({ requestId: '1', decidedBy: 'read-project' })],
      [begin + 250, outcome(2, { durationMs: 150, backendMs: 149 })],
      [
        begin + 300,
        decision({ tool: 'write_file', effect: 'deny', disposition: 'denied', reason: 'policy_denied' }),
      ],
      [begin + 400, { type: 'incident', code: 'payloads_unavailable', detail: 'ENOSPC', count: 2 }],
      [begin + 500, { type: 'session', event: 'closed', reason: 'client_closed' }],
    ]);
    writer.write([batch(stream, records, [0, records.length])]);
    createProxyRows(database).seen({
      id: stream.proxyId,
      name: stream.proxyName,
      time: begin,
      session: '{}',
    });
  }
  const event = { epoch: 7, n: 1, time: begin, json: '{"type":"manager_started"}' };
  createEventRows(database, 100).append(
    [event],
    new Map([['inst_aaaaaaaaaaaaaaaa', 'inst_aaaaaaaaaaaaaaaa.9']]),
  );
  const format = database.client.pragma('user_version', { simple: true });
  const folder = join(dirname(fileURLToPath(import.meta.url)), 'test', 'released');
  writeFileSync(join(folder, `${format}.sql`), dumpAsSql(database.client));
}

await write();
