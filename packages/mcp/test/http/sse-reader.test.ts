import { createSseReader } from '@mcp-acp/mcp/http/sse-reader';
import fc from 'fast-check';
import { expect, test } from 'vitest';

interface SeenEvent {
  readonly type: string;
  readonly data: string | undefined;
  readonly id: string;
  readonly retryMs: number | undefined;
}

/** What the reader makes of the pieces, whole events only. */
function read(pieces: readonly Buffer[]): readonly SeenEvent[] {
  const seen: SeenEvent[] = [];
  let data: Buffer[] = [];
  let id = '';
  let retryMs: number | undefined;
  const reader = createSseReader({
    data: (bytes) => data.push(Buffer.from(bytes)),
    dispatch: (type, hasData) => {
      seen.push({ type, data: hasData ? Buffer.concat(data).toString('utf8') : undefined, id, retryMs });
      data = [];
    },
    id: (value) => {
      id = value;
    },
    retry: (ms) => {
      retryMs = ms;
    },
  });
  for (const piece of pieces) reader.push(piece);
  return seen;
}

const readText = (text: string): readonly SeenEvent[] => read([Buffer.from(text)]);
const dataOf = (text: string): readonly (string | undefined)[] => readText(text).map(({ data }) => data);

test('events end with an empty line, whichever way lines end', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    expect(dataOf(`data: {"a":1}${end}${end}data: b${end}${end}data: cut off`)).toEqual(['{"a":1}', 'b']);
  }
});

test('one space behind the colon is not part of the value, and a field may have none', () => {
  expect(dataOf('data:x\n\ndata:  y\n\ndata\n\ndata:\n\n')).toEqual(['x', ' y', '', '']);
});

test('several data lines are one event, joined by line feeds', () => {
  expect(dataOf('data: {\ndata: "a": 1\ndata: }\n\n')).toEqual(['{\n"a": 1\n}']);
});

test('comments and unknown fields are passed over, a type lasts for one event, ids last', () => {
  const text =
    ': hello\n\nevent: endpoint\nid: 7\nretry: 250\ndata: /post\n\nnonsense: 1\ndatabase: 2\ndata: x\n\n';
  expect(readText(text)).toEqual([
    { type: 'endpoint', data: '/post', id: '7', retryMs: 250 },
    { type: 'message', data: 'x', id: '7', retryMs: 250 },
  ]);
});

test('an id with a NUL and a time that is no number are ignored', () => {
  expect(readText('id: 1\nid: a\0b\nretry: soon\ndata: x\n\n')[0]).toMatchObject({
    id: '1',
    retryMs: undefined,
  });
});

test('a byte order mark is allowed at the very beginning only', () => {
  expect(dataOf('\uFEFFdata: x\n\n')).toEqual(['x']);
  expect(dataOf('data: x\n\n\uFEFFdata: y\n\n')).toEqual(['x']);
});

test('bytes that are no UTF-8 are handed on as they came', () => {
  const seen: Buffer[] = [];
  const reader = createSseReader({
    data: (bytes) => seen.push(bytes),
    dispatch: () => undefined,
    id: () => undefined,
    retry: () => undefined,
  });
  reader.push(Buffer.from([...Buffer.from('data: '), 0xff, 0xc0, 0x0a, 0x0a]));
  expect(Buffer.concat(seen)).toEqual(Buffer.from([0xff, 0xc0]));
});

test('a field with an endless name or value costs no memory and loses only itself', () => {
  const pieces = [Buffer.from('id: '), ...Array.from({ length: 1000 }, () => Buffer.alloc(1000, 'x'))];
  const nameless = Array.from({ length: 1000 }, () => Buffer.alloc(1000, 'y'));
  expect(read([...pieces, Buffer.from('\n'), ...nameless, Buffer.from('\ndata: x\n\n')])).toEqual([
    { type: 'message', data: 'x', id: '', retryMs: undefined },
  ]);
});

test('where the stream is cut into pieces makes no difference', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'data: {"a":"ü"}',
      'data:',
      'data',
      'event: endpoint',
      'id: 3',
      ': note',
      'retry: 5',
      '',
      '',
    ),
    fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[\r\n]/g, ' ')),
  );
  const stream = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 30 })
    .map((lines) => Buffer.from(lines.map(([text, end]) => text + end).join('')));
  fc.assert(
    // A byte order mark counts only where it comes in one piece, as it does from every server there is.
    fc.property(
      stream.filter((bytes) => bytes[0] !== 0xef),
      fc.array(fc.nat(400), { maxLength: 12 }),
      (bytes, cuts) => {
        const places = [
          ...new Set([0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length]),
        ].sort((a, b) => a - b);
        const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index] ?? 0, end));
        expect(read(pieces)).toEqual(read([bytes]));
        expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(read([bytes]));
      },
    ),
  );
});
