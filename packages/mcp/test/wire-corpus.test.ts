import type { Sender } from '@mcp-acp/shared/journal-record';
import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';
import { describe, expect, it } from 'vitest';
import { idKey, type SingleMessage } from '../src/message.ts';
import { revisions } from '../src/revisions/revision-table.ts';
import { checkMessage } from '../src/strict/check-message.ts';
import { type CorpusFile, corpusOf, corpusRevisions, refusedCorpus } from './read-corpus.ts';

const other = (side: Sender): Sender => (side === 'client' ? 'server' : 'client');

/** The single messages of a file, those of its batches included. Throws where a line is refused. */
function messagesOf({ revision, name, lines }: CorpusFile): readonly SingleMessage[] {
  return lines.flatMap((line, index) => {
    const message = checkMessage(line);
    if (message.kind === 'refused') {
      throw new Error(`${revision}/${name}:${index + 1}: ${message.code} ${message.detail}`);
    }
    return message.kind === 'batch' ? message.members : [message];
  });
}

/** What a revision's files hold, as `kind method sender`; an answer under the method it answers. */
function contentOf(files: readonly CorpusFile[]): ReadonlySet<string> {
  const content = new Set<string>();
  for (const file of files) {
    const open = new Map<string | number, string>();
    for (const message of messagesOf(file)) {
      if (message.kind === 'request') {
        if (open.has(idKey(message.id)))
          throw new Error(`${file.name}: ${message.id} is asked twice at once`);
        open.set(idKey(message.id), message.method);
        content.add(`request ${message.method} ${file.initiator}`);
      } else if (message.kind === 'notification') {
        content.add(`notification ${message.method} ${file.initiator}`);
      } else if (message.kind === 'response') {
        const method = open.get(idKey(message.id));
        if (method === undefined) throw new Error(`${file.name}: nobody asked ${message.id}`);
        open.delete(idKey(message.id));
        content.add(`${message.failed ? 'error' : 'result'} ${method} ${other(file.initiator)}`);
      }
    }
    if (open.size > 0) throw new Error(`${file.name}: ${[...open.values()]} are not answered`);
  }
  return content;
}

/** Methods inside `inputRequests`, wherever they stand, and how many answers `inputResponses` hold. */
function inputMembers(value: JsonValue, found: Set<string>): void {
  if (Array.isArray(value)) for (const element of value) inputMembers(element, found);
  if (!isJsonObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'inputRequests' && isJsonObject(inner)) {
      for (const member of Object.values(inner)) {
        if (isJsonObject(member)) found.add(`asked ${String(member.method)}`);
      }
    }
    if (key === 'inputResponses' && isJsonObject(inner) && Object.keys(inner).length > 0)
      found.add('answered');
    inputMembers(inner, found);
  }
}

const depthOf = (value: JsonValue): number =>
  value === null || typeof value !== 'object' ? 0 : 1 + Math.max(0, ...Object.values(value).map(depthOf));

it('has every revision that the table has', () => {
  expect(corpusRevisions()).toEqual(revisions.map(({ name }) => name));
});

describe.each(revisions)('$name', ({ name, era, batches, methods }) => {
  const files = corpusOf(name);
  const content = contentOf(files);

  it('has each request with a result and an error, and each notification, from whoever may send it', () => {
    const wanted = Object.entries(methods).flatMap(([method, { kind, from }]) => {
      // In the stateless era these travel inside results.
      if (era === 'stateless' && kind === 'request' && from === 'server') return [];
      const senders: readonly Sender[] = from === 'either' ? ['client', 'server'] : [from];
      return senders.flatMap((sender) =>
        kind === 'notification'
          ? [`notification ${method} ${sender}`]
          : [
              `request ${method} ${sender}`,
              `result ${method} ${other(sender)}`,
              `error ${method} ${other(sender)}`,
            ],
      );
    });
    expect(wanted.filter((one) => !content.has(one))).toEqual([]);
  });

  it('has nothing from a side that may not send it', () => {
    const wrong = [...content].filter((one) => {
      const [kind, method = '', sender] = one.split(' ');
      const row = methods[method];
      if (row === undefined || kind === 'result' || kind === 'error') return false;
      return row.kind !== kind || (row.from !== 'either' && row.from !== sender);
    });
    expect(wrong).toEqual([]);
  });

  it('has methods that no revision knows, in both directions', () => {
    const unknown = [...content].filter((one) => methods[one.split(' ')[1] ?? ''] === undefined);
    const kinds = ['request', 'result', 'error', 'notification'];
    expect(kinds.filter((kind) => !unknown.some((one) => one.startsWith(`${kind} `)))).toEqual([]);
    expect(new Set(unknown.map((one) => one.split(' ').at(-1)))).toEqual(new Set(['client', 'server']));
  });

  it('has errors that answer nothing in particular, and batches where they are legal', () => {
    const kinds = files.flatMap(({ lines }) => lines.map((line) => checkMessage(line).kind));
    expect(kinds).toContain('stray_error');
    expect(kinds.includes('batch')).toBe(batches);
  });

  it('has what servers ask inside results, where the revision does it so', () => {
    const found = new Set<string>();
    for (const { lines } of files) {
      for (const line of lines) inputMembers(JSON.parse(line.toString('utf8')), found);
    }
    const inside = Object.entries(methods).filter(
      ([, { kind, from }]) => era === 'stateless' && kind === 'request' && from === 'server',
    );
    expect([...found].sort()).toEqual(
      inside.length === 0 ? [] : ['answered', ...inside.map(([method]) => `asked ${method}`)].sort(),
    );
  });

  it.each([
    ['an integer beyond 2^53', /[:,[]9007199254740993\b/],
    ['an integer beyond 64 bits', /[:,[]123456789012345678901234567890\b/],
    ['a decimal with more digits than a double has', /3\.14159265358979323846264338327950288/],
    ['exponents, in either case and with signs', /1E\+2.*6\.02214076E23/],
    ['a number that no double holds', /1e1000/],
    ['negative zeros', /-0,-0\.0/],
    ['trailing zeros of a decimal', /[:,]1\.0[,}\]]/],
    ['an escaped surrogate pair', /\\ud83d\\ude80/],
    ['a character beyond the basic plane, as it is', /🚀/u],
    ['half a surrogate pair', /"lone":"\\ud800"/],
    ['line separators, as they are', /\u2028/],
    ['line separators, escaped', /\\u2028/],
    ['an escaped slash', /\\\//],
    ['an escaped NUL', /\\u0000/],
    ['escapes in capitals and small letters', /\\u00e9.*\\u00E9/],
    ['an escape that nothing calls for', /\\u0061/],
    ['a byte order mark within a string', /"marks":"\ufeff/],
    ['an empty key', /"":/],
    ['a key that is special to JavaScript', /"__proto__"/],
    ['keys that differ by case', /"Name":"a","name":"b"/],
    ['escaped keys of the protocol', /"meth\\u006fd"/],
    ['white space around everything', /^ \t\{ /m],
    ['a carriage return before the newline', /\r\n/],
    ['a carriage return within a message', /\r"/],
    ['the version last', /"jsonrpc":"2\.0"\}\r?$/m],
    ['the longest id', /"i{1024}"/],
    ['ids of the greatest and the least number', /"id":-?9007199254740991\b/],
    ['unknown members of the envelope', /"vendor\.example\/envelope"/],
    ['metadata', /"_meta"/],
  ])('has %s', (_, pattern) => {
    const text = files.map(({ lines }) => lines.map((line) => `${line}\n`).join('')).join('');
    expect(pattern.test(text)).toBe(true);
  });

  it('has nesting up to the limit, of arrays and of objects', () => {
    const depths = files.flatMap(({ lines }) =>
      lines.map((line) => depthOf(JSON.parse(line.toString('utf8')))),
    );
    expect(Math.max(...depths)).toBe(limits.nestingDepth);
  });

  it('shows a relay that writes messages anew', () => {
    const rewritten = files
      .flatMap(({ lines }) => lines)
      .filter((line) => JSON.stringify(JSON.parse(line.toString('utf8'))) !== line.toString('utf8'));
    expect(rewritten.length).toBeGreaterThan(80);
  });
});

describe('what must be refused', () => {
  it.each(refusedCorpus().map(({ code, line }, index) => ({ code, line, index })))(
    '$index: $code',
    ({ code, line }) => {
      expect(checkMessage(line)).toMatchObject({ kind: 'refused', code });
    },
  );

  it('has every code that the strict check gives', () => {
    expect(new Set(refusedCorpus().map(({ code }) => code))).toEqual(
      new Set([
        'parse_error',
        'duplicate_key',
        'ambiguous_key',
        'nesting_too_deep',
        'invalid_utf8',
        'byte_order_mark',
        'invalid_envelope',
        'invalid_id',
      ]),
    );
  });
});
