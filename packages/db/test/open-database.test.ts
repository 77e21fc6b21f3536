import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import DatabaseOf from 'better-sqlite3';
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api';
import { describe, expect, test } from 'vitest';
import { embeddedMigrations } from '../embed-migrations.ts';
import { databaseProblem } from '../src/database-problem.ts';
import { createEventRows } from '../src/event-rows.ts';
import { createIncidentRows } from '../src/incidents.ts';
import { migrations } from '../src/migrations.ts';
import { openDatabase } from '../src/open-database.ts';
import { countRecords } from '../src/positions.ts';
import { takeProjectLock } from '../src/project-lock.ts';
import { createProxyRows } from '../src/proxy-rows.ts';
import * as schema from '../src/schema.ts';
import { createRecordSearch } from '../src/search-records.ts';
import { setAside } from '../src/set-aside.ts';
import { createRecordWriter } from '../src/write-records.ts';
import { batch, begin, decision, fakeStream, placed, workshop } from './workshop.ts';

const here = dirname(fileURLToPath(import.meta.url));
const room = dirname(here);
const released = readdirSync(join(here, 'released')).filter((name) => name.endsWith('.sql'));

describe('[HISTORY-MIGRATIONS] migrations', () => {
  test('are in the program as drizzle-kit wrote them; after a change run embed-migrations.ts', () => {
    expect(readFileSync(join(room, 'src', 'migrations.ts'), 'utf8')).toBe(embeddedMigrations());
  });

  test('make the tables of the schema; after a change of it run drizzle-kit generate', async () => {
    const files = readdirSync(join(room, 'migrations', 'meta')).filter((name) => /^\d+_snapshot/.test(name));
    const snapshot = JSON.parse(
      readFileSync(join(room, 'migrations', 'meta', files.sort().at(-1) ?? ''), 'utf8'),
    );
    const now = await generateSQLiteDrizzleJson(schema, snapshot.id);
    expect(await generateSQLiteMigration(snapshot, now)).toEqual([]);
    expect(files).toHaveLength(migrations.length);
  });

  test.each(released)('bring a history of format %s up to date, with everything in it', async (name) => {
    await using shop = await workshop();
    const before = new DatabaseOf(shop.file);
    before.exec(readFileSync(join(here, 'released', name), 'utf8'));
    expect(before.pragma('user_version', { simple: true })).toBe(Number(name.replace('.sql', '')));
    before.close();
    const database = await shop.open();
    await using other = await workshop();
    const tables = ({ client }: typeof database): unknown[] =>
      client
        .prepare(
          `SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'shapes_text_%' ORDER BY name`,
        )
        .all();
    expect(tables(database)).toEqual(tables(await other.open()));
    expect(countRecords(database)).toBe(12);
    const search = createRecordSearch(database);
    expect(search.page({ text: 'WRITE_f', effect: 'deny' }, { limit: 10 })?.records).toHaveLength(2);
    expect(
      search.page({ status: 'ok', type: 'decision', proxy: 'proxy-0' }, { limit: 10 })?.records,
    ).toMatchObject([{ seq: 2, tool: 'read_file', durationUs: 150_000, requestId: '1' }]);
    expect(createIncidentRows(database).page({ limit: 10 }).rows).toHaveLength(2);
    expect(createProxyRows(database).all()).toHaveLength(2);
    const events = createEventRows(database, 100);
    expect(events.after(7, 1, 10)).toEqual([]);
    expect(events.remembered().size).toBe(1);
    const stream = fakeStream(2, 0);
    const records = placed(stream, [[begin, decision()]]);
    createRecordWriter(database).write([batch(stream, records, [0, 1])]);
    expect(countRecords(database)).toBe(13);
  });

  test('of a newer version are refused, and the file is left as it is', async () => {
    await using shop = await workshop();
    const database = await shop.open();
    database.client.pragma('user_version = 99');
    database.close();
    const bytes = readFileSync(shop.file);
    await expect(shop.open()).rejects.toMatchObject({
      code: 'format_too_new',
      message: expect.stringContaining('format 99'),
      fix: expect.stringContaining('Update mcp-acp'),
    });
    expect(readFileSync(shop.file)).toEqual(bytes);
  });
});

test('the history and what belongs to it is the user’s alone, and opening it twice changes nothing', async () => {
  await using shop = await workshop();
  const database = await shop.open();
  createRecordWriter(database).tidy();
  expect(readdirSync(shop.folder).map((name) => statSync(join(shop.folder, name)).mode & 0o777)).toEqual([
    0o600, 0o600, 0o600,
  ]);
  const pragma = (name: string): unknown => database.client.pragma(name, { simple: true });
  expect(['journal_mode', 'synchronous', 'auto_vacuum'].map(pragma)).toEqual(['wal', 1, 2]);
  database.close();
  await shop.open();
});

describe('[HISTORY-DATABASE-LOCKED] a history that another program holds', () => {
  test('is waited for, then refused with a code', async () => {
    await using shop = await workshop();
    (await shop.open()).close();
    const holder = new DatabaseOf(shop.file);
    holder.pragma('locking_mode = EXCLUSIVE');
    holder.exec('BEGIN EXCLUSIVE');
    await expect(shop.open({ waitMs: 0 })).rejects.toMatchObject({
      code: 'history_unavailable',
      message: expect.stringContaining('Another program holds'),
    });
    const waiting = shop.open({ waitMs: 600_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    holder.close();
    expect(countRecords(await waiting)).toBe(0);
  });

  test('is projected into by one process at a time', async () => {
    await using shop = await workshop();
    const lock = await takeProjectLock(shop.file);
    expect(lock).toBeDefined();
    expect(readdirSync(shop.folder)).toEqual(['history.sqlite.lock']);
    expect(await takeProjectLock(shop.file)).toBeUndefined();
    lock?.release();
    const next = await takeProjectLock(shop.file);
    expect(next).toBeDefined();
    next?.release();
  });
});

test('[HISTORY-OPTIONAL] where SQLite is not installed it is said what to install', async () => {
  await using shop = await workshop();
  const missing = 'better-sqlite3-that-is-not-there';
  await expect(shop.open({ load: () => import(missing) })).rejects.toMatchObject({
    code: 'history_unavailable',
    fix: expect.stringContaining('npm install better-sqlite3'),
  });
});

describe('[HISTORY-DATABASE-CORRUPT] a file that is no history', () => {
  const broken: Record<string, (file: string) => void> = {
    text: (file) => writeFileSync(file, 'this is no database, and longer than a header of one '.repeat(100)),
    'a header alone': (file) => writeFileSync(file, readFileSync(file).subarray(0, 100)),
    'pages of zeros': (file) => writeFileSync(file, readFileSync(file).fill(0, 100)),
    'the database of another program': (file) => {
      writeFileSync(file, '');
      const other = new DatabaseOf(file);
      other.exec('CREATE TABLE notes (text)');
      other.close();
    },
  };

  test.each(Object.entries(broken))('is found out: %s', async (_, breakIt) => {
    await using shop = await workshop();
    const database = await shop.open();
    const stream = fakeStream(0, 0);
    createRecordWriter(database).write([batch(stream, placed(stream, [[begin, decision()]]), [0, 1])]);
    database.close();
    breakIt(shop.file);
    const error = await shop.open().then(
      () => undefined,
      (problem: unknown) => problem,
    );
    expect(databaseProblem(error)).toBe('corrupt');
    const aside = setAside(shop.file, new Date(begin));
    expect(aside).toBe(`${shop.file}.corrupt-2026-01-01T00-00-00-000Z`);
    expect(countRecords(await shop.open())).toBe(0);
  });

  test('takes its write-ahead log with it when it is set aside', async () => {
    await using shop = await workshop();
    const database = await shop.open();
    createRecordWriter(database).tidy();
    copyFileSync(`${shop.file}-wal`, `${shop.file}.kept`);
    database.close();
    copyFileSync(`${shop.file}.kept`, `${shop.file}-wal`);
    setAside(shop.file, new Date(begin));
    expect(readdirSync(shop.folder).filter((name) => name.includes('corrupt'))).toHaveLength(2);
    await expect(openDatabase({ file: join(shop.folder, 'nowhere', 'x') })).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
