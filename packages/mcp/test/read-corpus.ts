import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Sender } from '@mcp-acp/shared/journal-record';

/**
 * The wire corpus: messages of every method of every revision, as the bytes that go over the wire, one a line. A file
 * is `<family>.<initiator>.jsonl` and a small transcript: its requests and notifications come from the initiator, and
 * an answer, from the other side, belongs to the request before it that has its id.
 */
export interface CorpusFile {
  readonly revision: string;
  readonly name: string;
  readonly family: string;
  readonly initiator: Sender;
  /** Without their newlines. */
  readonly lines: readonly Buffer[];
}

const folder = fileURLToPath(new URL('./corpus', import.meta.url));
const newline = 0x0a;

/** The names of the revisions the corpus has. */
export const corpusRevisions = (): readonly string[] =>
  readdirSync(folder)
    .filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name))
    .sort();

/** The files of one revision. The one with the handshake, where there is one, comes first. */
export function corpusOf(revision: string): readonly CorpusFile[] {
  const files = readdirSync(`${folder}/${revision}`)
    .sort()
    .map((name): CorpusFile => {
      const [family = '', initiator] = name.split('.');
      if (initiator !== 'client' && initiator !== 'server') throw new Error(`${name} names no initiator`);
      return { revision, name, family, initiator, lines: linesOf(`${folder}/${revision}/${name}`) };
    });
  const first = (file: CorpusFile): number => (file.name === 'lifecycle.client.jsonl' ? 0 : 1);
  return files.sort((a, b) => first(a) - first(b));
}

export interface RefusedLine {
  /** The code it must be refused with. */
  readonly code: string;
  readonly line: Buffer;
}

/** Lines that no proxy may pass on: two parsers could read them differently. */
export function refusedCorpus(): readonly RefusedLine[] {
  return readdirSync(`${folder}/refused`)
    .sort()
    .flatMap((name) => {
      const code = name.replace(/\.jsonl$/, '').replaceAll('-', '_');
      return linesOf(`${folder}/refused/${name}`).map((line) => ({ code, line }));
    });
}

function linesOf(file: string): readonly Buffer[] {
  const bytes = readFileSync(file);
  const lines: Buffer[] = [];
  for (let start = 0, end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (bytes.at(-1) !== newline) throw new Error(`${file} does not end with a newline`);
  return lines;
}
