import { createLineReader } from '@mcp-acp/mcp/framing/line-reader';
import fc from 'fast-check';
import { expect, it } from 'vitest';

function collect(limitBytes: number) {
  const lines: string[] = [];
  const oversize: { size: number; id: unknown; hasMethod: boolean }[] = [];
  const reader = createLineReader(limitBytes, {
    line: (line) => void lines.push(line.toString('latin1')),
    oversize: (size, remains) => void oversize.push({ size, ...remains }),
  });
  return { reader, lines, oversize };
}

it('[WIRE-BYTES] lines are the same however the bytes are cut, in memory that is reused or not', () => {
  const bytes = fc
    .uint8Array({ maxLength: 400 })
    .map((array) => Buffer.from(array.map((byte) => (byte % 7 === 0 ? 10 : byte))));
  fc.assert(
    fc.property(
      bytes,
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      fc.boolean(),
      (input, sizes, isReused) => {
        const { reader, lines } = collect(1000);
        const reused = Buffer.alloc(64);
        for (let at = 0, turn = 0; at < input.length; turn++) {
          const piece = input.subarray(at, at + (sizes[turn % sizes.length] ?? 1));
          reused.set(piece);
          reader.push(isReused ? reused.subarray(0, piece.length) : piece, isReused);
          at += piece.length;
        }
        reused.fill(0);
        reader.end();
        const expected = input
          .toString('latin1')
          .split('\n')
          .filter((line) => line !== '' && line !== '\r');
        expect(lines).toEqual(expected);
      },
    ),
    { numRuns: 2_000 },
  );
});

it('[STRICT-OVERSIZE] a line over the limit is told with its id, and the next one is read', () => {
  for (const pieceBytes of [1, 7, 5000]) {
    const { reader, lines, oversize } = collect(100);
    const big = `{"jsonrpc":"2.0","params":{"id":1,"t":"${'x'.repeat(3000)}\\""},"method":"m","id":"seven"}`;
    const input = Buffer.from(`${big}\nshort\n${'y'.repeat(100)}\n${'z'.repeat(101)}\n`);
    for (let at = 0; at < input.length; at += pieceBytes) reader.push(input.subarray(at, at + pieceBytes));
    expect(lines).toEqual(['short', 'y'.repeat(100)]);
    expect(oversize).toEqual([
      { size: big.length, id: 'seven', hasMethod: true },
      { size: 101, id: undefined, hasMethod: false },
    ]);
  }
});

it('a line that follows an oversize one in reused memory is not overwritten by the next read', () => {
  const { reader, lines } = collect(20);
  const kept: Buffer[] = [];
  const keeping = createLineReader(20, { line: (line) => void kept.push(line), oversize: () => undefined });
  const memory = Buffer.alloc(64);
  for (const text of [`${'x'.repeat(60)}`, 'xx\nread_file-aaaa\n', 'delete_all-bbbbbbb\n']) {
    memory.fill(0);
    memory.write(text);
    keeping.push(memory.subarray(0, text.length), true);
    reader.push(Buffer.from(text));
  }
  expect(lines).toEqual(['read_file-aaaa', 'delete_all-bbbbbbb']);
  expect(kept.map(String)).toEqual(lines);
});
