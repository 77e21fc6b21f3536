import type { Database } from 'better-sqlite3';
import {
  digestNumber,
  type RecordWords,
  selectWords,
  wordColumns,
  wordNames,
  wordsKey,
  wordsText,
} from './record-words.ts';

/** The dictionary of words. What it changes belongs to the transaction of its caller. */
export interface ShapeStore {
  /** The id of these words, which are added where they are new. */
  idOf(words: RecordWords): number;
  /** Undefined where there is no such shape. */
  wordsOf(id: number): RecordWords | undefined;
  /** So many records more, or fewer, have this shape. Written by `flush`. */
  count(id: number, more: number): void;
  flush(): void;
  /** To be called when a transaction was rolled back. */
  forget(): void;
  /** Whether there are shapes that no record has. */
  hasUnused(): boolean;
  /** Removes them. */
  collect(): void;
}

/** Shapes remembered; then it begins anew. */
const mostRemembered = 20_000;

export function createShapeStore(client: Database): ShapeStore {
  const find = client.prepare<[number], RecordWords>(
    `SELECT ${selectWords('shapes')} FROM shapes WHERE id = ?`,
  );
  const insert = client.prepare(
    `INSERT INTO shapes (id, ${wordColumns.join(', ')}, words, records) VALUES (?, ${'?, '.repeat(wordColumns.length)}?, 0)`,
  );
  const insertText = client.prepare('INSERT INTO shapes_text (rowid, words) VALUES (?, ?)');
  const addCount = client.prepare('UPDATE shapes SET records = records + ? WHERE id = ?');
  const unused = client.prepare<[], number>('SELECT id FROM shapes WHERE records = 0').pluck();
  const remove = client.prepare('DELETE FROM shapes WHERE id = ?');
  const removeText = client.prepare('DELETE FROM shapes_text WHERE rowid = ?');
  const ids = new Map<string, number>();
  const words = new Map<number, RecordWords>();
  const counts = new Map<number, number>();

  const forget = (): void => {
    ids.clear();
    words.clear();
    counts.clear();
  };

  const remember = (id: number, key: string, known: RecordWords): void => {
    ids.set(key, id);
    words.set(id, known);
  };

  const intern = (key: string, wanted: RecordWords): number => {
    // Two shapes of one digest are unheard of, unless somebody makes them.
    for (let id = digestNumber(key); ; id++) {
      const found = find.get(id);
      if (found === undefined) {
        const text = wordsText(wanted);
        insert.run(id, ...wordNames.map((name) => wanted[name]), text);
        insertText.run(id, text);
        return id;
      }
      if (wordsKey(found) === key) return id;
    }
  };

  return {
    idOf: (wanted) => {
      const key = wordsKey(wanted);
      const known = ids.get(key);
      if (known !== undefined) return known;
      if (ids.size >= mostRemembered) {
        ids.clear();
        words.clear();
      }
      const id = intern(key, wanted);
      remember(id, key, wanted);
      return id;
    },
    wordsOf: (id) => {
      const known = words.get(id) ?? find.get(id);
      if (known !== undefined) words.set(id, known);
      return known;
    },
    count: (id, more) => {
      counts.set(id, (counts.get(id) ?? 0) + more);
    },
    flush: () => {
      for (const [id, more] of counts) if (more !== 0) addCount.run(more, id);
      counts.clear();
    },
    forget,
    hasUnused: () => unused.get() !== undefined,
    collect: () => {
      for (const id of unused.all()) {
        const known = words.get(id);
        if (known !== undefined) ids.delete(wordsKey(known));
        words.delete(id);
        remove.run(id);
        removeText.run(id);
      }
    },
  };
}
