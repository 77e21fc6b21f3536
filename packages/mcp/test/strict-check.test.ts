import { checkMessage } from '@mcp-acp/mcp/strict/check-message';
import { scan } from '@mcp-acp/mcp/strict/scan';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const check = (text: string | Uint8Array) => checkMessage(Buffer.from(text as string));
const request = (more = '', id = '1') => `{"jsonrpc":"2.0","id":${id},"method":"tools/call"${more}}`;

describe('what two parsers could read differently is refused', () => {
  const refused: Record<string, readonly (string | Uint8Array)[]> = {
    duplicate_key: [
      request(',"id":2'),
      request(',"params":{"name":"a","name":"b"}'),
      request(',"params":{"arguments":{"x":{"y":1,"y":1}}}'),
      request(',"params":{"arguments":{"path":1,"p\\u0061th":2}}'),
      request(',"params":{"\\u006eame":"a","name":"b"}'),
      request(`,"x":{${Array.from({ length: 40 }, (_, index) => `"k${index}":0`).join(',')},"k7":1}`),
      request(',"x":{"é":1,"\\u00e9":2}'),
    ],
    ambiguous_key: [
      request(',"ID":2'),
      request(',"Method":"x"'),
      request(',"paramſ":{}'),
      request(',"params":{"Name":"x"}'),
      request(',"params":{"URI":"x"}'),
      request(',"params":{"Arguments":{}}'),
      request(',"params":{"_META":{}}'),
      request(',"params":{"requeſtState":"x"}'),
      request(',"params":{"x\\u0000":1}'),
      request(',"params":{"arguments":{"\\ud800":1}}'),
    ],
    nesting_too_deep: [request(`,"params":{"a":${'['.repeat(63)}${']'.repeat(63)}}`), '['.repeat(65)],
    byte_order_mark: [Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(request())])],
    invalid_utf8: [
      Buffer.from([...Buffer.from('{"jsonrpc":"2.0","id":1,"method":"'), 0xff, 0x22, 0x7d]),
      Buffer.from([...Buffer.from('{"jsonrpc":"2.0","id":1,"method":"'), 0xc0, 0xaf, 0x22, 0x7d]),
      Buffer.from([...Buffer.from('{"jsonrpc":"2.0","id":1,"method":"'), 0xed, 0xa0, 0x80, 0x22, 0x7d]),
    ],
    invalid_id: ['null', '1.0', '1.5', '1e2', '-0', '9007199254740992', 'true', '[]', '{}', '"a\\u0000"'].map(
      (id) => request('', id),
    ),
    invalid_envelope: [
      '{"id":1,"method":"x"}',
      '{"jsonrpc":"1.0","id":1,"method":"x"}',
      '{"jsonrpc":2.0,"id":1,"method":"x"}',
      '{"jsonrpc":"2.0","id":1}',
      '{"jsonrpc":"2.0","id":1,"result":1,"error":{}}',
      '{"jsonrpc":"2.0","id":1,"method":"x","result":1}',
      '{"jsonrpc":"2.0","id":1,"method":5}',
      '{"jsonrpc":"2.0","id":1,"method":""}',
      '{"jsonrpc":"2.0","id":1,"method":"x","params":[]}',
      '{"jsonrpc":"2.0","result":{}}',
      '[]',
      '[1]',
      '[[]]',
      'null',
      '42',
      '"text"',
    ],
    parse_error: [
      '{',
      '{"jsonrpc":"2.0",}',
      "{'jsonrpc':'2.0'}",
      '{"a":01}',
      '{"a":.5}',
      '{"a":1.}',
      '{"a":+1}',
      '{"a":NaN}',
      '{"a":"\t"}',
      '{"a":"\\x"}',
      '{"a":"\\u12g4"}',
      '{"a":tru}',
      `${request()} x`,
      `${request()}${request()}`,
      'Content-Length: 5',
      '\u00a0{}',
      '\0',
    ],
  };
  for (const [code, lines] of Object.entries(refused)) {
    it.each(lines.map((line) => [line]))(
      `[STRICT-DUPLICATE-KEYS][STRICT-CASE-TWINS][STRICT-NESTING][STRICT-UTF8][STRICT-BOM] ${code}: %s`,
      (line) => {
        expect(check(line)).toMatchObject({ kind: 'refused', code });
      },
    );
  }

  it.each([
    request(',"params":{"name":"a","arguments":{"name":"b","Name":"c","NAME":"d"},"_meta":{"id":1}}'),
    request(',"x":{"id":1,"ID":2}'),
    request(',"params":{"arguments":{"__proto__":{"a":1}}}'),
    request(',"params":{"a":"\\ud800","b":"\\u2028","c":12345678901234567890123,"d":1e400}'),
    request(`,"params":{"a":${'['.repeat(62)}${']'.repeat(62)}}`),
    request('', '"\\u0031"'),
    request('', '-9007199254740991'),
    ` \t${request()} \r`,
  ])('what every parser reads alike passes: %s', (line) => {
    expect(check(line).kind).toBe('request');
  });
});

it('a number and a string id are told apart, and what kind a message is', () => {
  expect(check(request('', '7'))).toMatchObject({ kind: 'request', id: 7 });
  expect(check(request('', '"7"'))).toMatchObject({ kind: 'request', id: '7' });
  expect(check('{"jsonrpc":"2.0","method":"x"}')).toMatchObject({ kind: 'notification', method: 'x' });
  expect(check('{"jsonrpc":"2.0","id":1,"result":null}')).toMatchObject({ kind: 'response', failed: false });
  expect(check('{"jsonrpc":"2.0","id":1,"error":{}}')).toMatchObject({ kind: 'response', failed: true });
  expect(check('{"jsonrpc":"2.0","id":null,"error":{}}')).toMatchObject({ kind: 'stray_error' });
  expect(check(`[${request()},{"jsonrpc":"2.0","method":"x"}]`)).toMatchObject({
    kind: 'batch',
    members: [{ kind: 'request' }, { kind: 'notification' }],
  });
});

describe('[REFUSAL-ID] the id of a broken message is used where it is plain to see', () => {
  it.each([
    ['{"jsonrpc":"2.0","id":5,"method":"x","method":"x"}', 5],
    ['{"id":"a b","jsonrpc":"2.0","method":"x",}', 'a b'],
    ['{"method":"x","params":{"id":3},"id":5,broken', 5],
    ['{"id":5,"id":5}', undefined],
    ['{"id":5,"ID":5}', undefined],
    ['{"id":5,"\\u0069d":6}', undefined],
    ['{"params":{"id":3},"method":"x"', undefined],
    ['{"id":1.5,"jsonrpc":"2.0","method":"x"}', undefined],
    ['{"id":{"a":1},"jsonrpc":"2.0","method":"x"}', undefined],
    ['[{"id":5}', undefined],
    ['"id":5', undefined],
  ])('%s', (line, id) => {
    const refusal = check(line);
    expect(refusal.kind === 'refused' && refusal.id).toBe(id);
  });
});

describe('the scan accepts what RFC 8259 does', () => {
  const parses = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  it('any JSON text, whatever its spacing and escapes', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        const spaced = JSON.stringify({ jsonrpc: '2.0', x: JSON.parse(text) as unknown }, null, indent);
        const scanned = scan(Buffer.from(spaced));
        // Random keys may look like protocol keys or hold lone surrogates; nothing else may be refused.
        if (scanned.kind === 'refused') expect(scanned.problem).toBe('ambiguous_key');
      }),
      { numRuns: 5_000 },
    );
  });

  it('and nothing that JSON.parse does not', () => {
    const mutated = fc
      .tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([json, at, code]) => {
        const text = `{"a":${json}}`;
        const place = at % text.length;
        return text.slice(0, place) + String.fromCharCode(code) + text.slice(place + (at % 2));
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string()), (text) => {
        const scanned = scan(Buffer.from(text));
        if (scanned.kind !== 'refused') expect(parses(text)).toBe(true);
        else if (scanned.problem === 'parse_error') expect(parses(text)).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });

  it('finds members where they stand', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (args, other) => {
        const text = JSON.stringify({
          params: { other, arguments: args },
          id: 1,
          method: 'm',
          jsonrpc: '2.0',
        });
        const message = check(text);
        if (message.kind !== 'request') return;
        const [start, end] = message.spans.slice(16, 18);
        expect(text && Buffer.from(text).toString('utf8', start, end)).toBe(JSON.stringify(args));
      }),
    );
  });
});
