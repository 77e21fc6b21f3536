import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { decisions, eventually } from '../resources/journal.ts';
import { peakMemory } from '../resources/process-table.ts';
import { TempHome } from '../resources/temp-home.ts';

interface Case {
  readonly what: string;
  readonly line: string | Buffer;
  /** The stable code, or several where the reader may fairly find either first. */
  readonly code: string | readonly string[];
  /** The id the error carries. */
  readonly id: number | null | 'either';
}

const call = (id: string, params: string): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`;
const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const nested = (depth: number): string => call('7', `{"name":"echo","arguments":{"a":${deep(depth)}}}`);

const unparsable: readonly Case[] = [
  {
    what: 'half a message',
    line: '{"jsonrpc":"2.0","id":7,"method":"ping"',
    code: 'parse_error',
    id: 'either',
  },
  { what: 'a bare word', line: 'hello', code: 'parse_error', id: null },
  { what: 'a header of another framing', line: 'Content-Length: 52', code: 'parse_error', id: null },
  {
    what: 'a NUL byte',
    line: '{"jsonrpc":"2.0","id":7,\0"method":"ping"}',
    code: 'parse_error',
    id: 'either',
  },
  {
    what: 'a raw control character in a string',
    line: call('7', '{"name":"ec\tho"}'),
    code: 'parse_error',
    id: 'either',
  },
  {
    what: 'a trailing comma',
    line: '{"jsonrpc":"2.0","id":7,"method":"ping",}',
    code: 'parse_error',
    id: 'either',
  },
  {
    what: 'two messages on one line',
    line: '{"jsonrpc":"2.0","id":7,"method":"ping"} {}',
    code: 'parse_error',
    id: 'either',
  },
];

const envelope: readonly Case[] = [
  { what: 'null', line: 'null', code: 'invalid_envelope', id: null },
  { what: 'a number', line: '42', code: 'invalid_envelope', id: null },
  { what: 'an empty batch', line: '[]', code: ['batch_not_allowed', 'invalid_envelope'], id: null },
  {
    what: 'a batch outside 2025-03-26',
    line: '[{"jsonrpc":"2.0","id":7,"method":"ping"}]',
    code: 'batch_not_allowed',
    id: 'either',
  },
  {
    what: 'an id that is null',
    line: '{"jsonrpc":"2.0","id":null,"method":"ping"}',
    code: 'invalid_id',
    id: null,
  },
  {
    what: 'an id with a fraction',
    line: '{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
    code: 'invalid_id',
    id: null,
  },
  {
    what: 'an id over 2^53',
    line: '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}',
    code: 'invalid_id',
    id: null,
  },
  {
    what: 'an infinite id',
    line: '{"jsonrpc":"2.0","id":1e999,"method":"ping"}',
    code: 'invalid_id',
    id: null,
  },
  {
    what: 'an id that is an object',
    line: '{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}',
    code: 'invalid_id',
    id: null,
  },
  {
    what: 'an id that is a truth value',
    line: '{"jsonrpc":"2.0","id":true,"method":"ping"}',
    code: 'invalid_id',
    id: null,
  },
  {
    what: 'an id of a megabyte',
    line: `{"jsonrpc":"2.0","id":"${'x'.repeat(1_000_000)}","method":"ping"}`,
    code: 'invalid_id',
    id: null,
  },
  { what: 'no jsonrpc', line: '{"id":7,"method":"ping"}', code: 'invalid_envelope', id: 7 },
  { what: 'jsonrpc 1.0', line: '{"jsonrpc":"1.0","id":7,"method":"ping"}', code: 'invalid_envelope', id: 7 },
  {
    what: 'jsonrpc as a number',
    line: '{"jsonrpc":2.0,"id":7,"method":"ping"}',
    code: 'invalid_envelope',
    id: 7,
  },
  {
    what: 'a method that is no text',
    line: '{"jsonrpc":"2.0","id":7,"method":5}',
    code: 'invalid_envelope',
    id: 7,
  },
  {
    what: 'neither method nor result',
    line: '{"jsonrpc":"2.0","id":7}',
    code: 'invalid_envelope',
    id: 'either',
  },
  { what: 'a call without a name', line: call('7', '{"arguments":{}}'), code: 'invalid_params', id: 7 },
  {
    what: 'a call whose name is no text',
    line: call('7', '{"name":["echo"]}'),
    code: 'invalid_params',
    id: 7,
  },
];

const duplicates: readonly Case[] = [
  {
    what: 'the name twice',
    line: call('7', '{"name":"echo","name":"delete_file"}'),
    code: 'duplicate_key',
    id: 7,
  },
  {
    what: 'the name twice, once escaped',
    line: call('7', '{"name":"echo","n\\u0061me":"delete_file"}'),
    code: 'duplicate_key',
    id: 7,
  },
  {
    what: 'the params twice',
    line: '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo"},"params":{"name":"delete_file"}}',
    code: 'duplicate_key',
    id: 7,
  },
  {
    what: 'a key deep in the arguments twice',
    line: call('7', '{"name":"echo","arguments":{"a":[{"b":{"c":1,"c":2}}]}}'),
    code: 'duplicate_key',
    id: 7,
  },
  {
    what: '__proto__ twice',
    line: call('7', '{"name":"echo","arguments":{"__proto__":1,"__proto__":2}}'),
    code: 'duplicate_key',
    id: 7,
  },
  {
    what: 'the id twice',
    line: '{"jsonrpc":"2.0","id":7,"id":8,"method":"ping"}',
    code: 'duplicate_key',
    id: null,
  },
];

const twins: readonly Case[] = [
  {
    what: 'Method beside method',
    line: '{"jsonrpc":"2.0","id":7,"method":"ping","Method":"tools/call"}',
    code: 'ambiguous_key',
    id: 7,
  },
  {
    what: 'PARAMS alone',
    line: '{"jsonrpc":"2.0","id":7,"method":"tools/call","PARAMS":{"name":"echo"}}',
    code: 'ambiguous_key',
    id: 7,
  },
  {
    what: 'ID beside id',
    line: '{"jsonrpc":"2.0","id":7,"ID":8,"method":"ping"}',
    code: 'ambiguous_key',
    id: 'either',
  },
  {
    what: 'Name beside name',
    line: call('7', '{"name":"echo","Name":"delete_file"}'),
    code: 'ambiguous_key',
    id: 7,
  },
  { what: 'Arguments', line: call('7', '{"name":"echo","Arguments":{}}'), code: 'ambiguous_key', id: 7 },
  {
    what: 'arguments with a long s',
    line: call('7', '{"name":"echo","argument\u017f":{}}'),
    code: 'ambiguous_key',
    id: 7,
  },
  {
    what: 'a Kelvin sign where there is no k changes nothing, METHOD with escapes does',
    line: '{"jsonrpc":"2.0","id":7,"method":"ping","\\u004dETHOD":"x"}',
    code: 'ambiguous_key',
    id: 7,
  },
  { what: '_Meta', line: call('7', '{"name":"echo","_Meta":{}}'), code: 'ambiguous_key', id: 7 },
  {
    what: 'Uri',
    line: '{"jsonrpc":"2.0","id":7,"method":"resources/read","params":{"uri":"a:b","URI":"c:d"}}',
    code: 'ambiguous_key',
    id: 7,
  },
];

const bytes: readonly Case[] = [
  {
    what: 'invalid UTF-8 in a string',
    line: Buffer.from(call('7', '{"name":"ec\xffho"}'), 'latin1'),
    code: 'invalid_utf8',
    id: 'either',
  },
  {
    what: 'an overlong slash',
    line: Buffer.from(call('7', '{"name":"\xc0\xaf"}'), 'latin1'),
    code: 'invalid_utf8',
    id: 'either',
  },
  {
    what: 'a surrogate in UTF-8',
    line: Buffer.from(call('7', '{"name":"\xed\xa0\x80"}'), 'latin1'),
    code: 'invalid_utf8',
    id: 'either',
  },
  {
    what: 'a byte order mark',
    line: '\ufeff{"jsonrpc":"2.0","id":7,"method":"ping"}',
    code: 'byte_order_mark',
    id: 'either',
  },
];

const nesting: readonly Case[] = [
  { what: 'nesting over 64', line: nested(62), code: 'nesting_too_deep', id: 7 },
  { what: 'nesting of 100,000', line: nested(100_000), code: 'nesting_too_deep', id: 'either' },
];

async function refuses(cases: readonly Case[]): Promise<void> {
  await using home = new TempHome();
  const ran = join(home.base, 'ran');
  home.addProxy('p', { backend: plainServer('--ran', ran) });
  await using client = home.start('p');
  await client.initialize();
  const wrong: string[] = [];
  for (const [index, { what, line, code, id }] of cases.entries()) {
    const { error, result, ...answer } = await client.refusal(line);
    const told = error?.data?.code ?? result?.structuredContent?.code;
    const codes = typeof code === 'string' ? [code] : code;
    const ids: readonly unknown[] = id === 'either' ? [7, null] : [id];
    if (!codes.includes(told) || !ids.includes(answer.id)) {
      wrong.push(`${what}: ${JSON.stringify({ ...answer, error, result }).slice(0, 300)}`);
    }
    const alive = await client.request('ping', undefined, 1000 + index);
    if (alive.result === undefined) wrong.push(`${what}: the session is gone`);
  }
  expect(wrong).toEqual([]);
  const arrived = existsSync(ran) ? readFileSync(ran, 'utf8').trim().split('\n') : [];
  const methods = arrived.map((line) => JSON.parse(line).method);
  expect(new Set(methods)).toEqual(new Set(['initialize', 'notifications/initialized', 'ping']));
  await eventually('a record of each refusal', () => {
    const malformed = decisions(home, 'p').filter((record) => record.disposition === 'malformed');
    return malformed.length === cases.length && malformed.every((record) => record.reason !== undefined);
  });
}

describe('what two parsers could read differently is refused, recorded, and never reaches the backend', () => {
  it(verifies(['BAD-IDS', 'REFUSAL-ID'], 'text that is no JSON'), () => refuses(unparsable));
  it(verifies('BAD-IDS', 'ids and envelopes'), () => refuses(envelope));
  it(verifies('STRICT-DUPLICATE-KEYS', 'duplicate keys'), () => refuses(duplicates));
  it(verifies('STRICT-CASE-TWINS', 'twins of protocol keys'), () => refuses(twins));
  it(verifies(['STRICT-UTF8', 'STRICT-BOM'], 'bytes that are no text'), () => refuses(bytes));
  it(verifies('STRICT-NESTING', 'nesting'), () => refuses(nesting));
});

it(verifies('WIRE-BYTES', 'what is unusual but unambiguous arrives as it was sent'), async () => {
  await using home = new TempHome();
  const ran = join(home.base, 'ran');
  home.addProxy('p', { backend: plainServer('--ran', ran) });
  await using client = home.start('p');
  await client.initialize();
  const lines = [
    '{ "params" : {"arguments":{"n":123456789012345678901234567890,"f":1.0,"e":1E+2},"name":"echo"}, "method":"tools/call","id":1,"jsonrpc":"2.0" }',
    '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo","arguments":{"message":"\\ud800 \u2028 \\u0000"}}}',
    '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"echo","arguments":{"__proto__":{"x":1},"constructor":1}}}',
    '{"jsonrpc":"2.0","id":4,"method":"vendor/unheard_of","params":{"_meta":{"vendor.example/x":[1,null]}},"extension":true}',
    '{"jsonrpc":"2.0","id":-5,"method":"ping"}',
    '{"jsonrpc":"2.0","id":"","method":"ping"}',
    nested(61).replace('"id":7', '"id":6'),
    '{"jsonrpc":"2.0","method":"notifications/vendor","params":{"Name":"not a protocol key here"}}',
  ];
  for (const line of lines) await client.sendLine(line);
  await client.sendRaw('{"jsonrpc":"2.0","id":9,"method":"ping"}\r\n');
  for (const id of [1, 2, 3, 4, -5, '', 6, 9]) await client.answerTo(id);
  const arrived = readFileSync(ran, 'utf8').split('\n');
  for (const line of lines.slice(0, -1)) expect(arrived).toContain(line);
});

it(
  verifies('IDS-BY-TYPE', '1 and "1" are two requests; a second 1 in flight is refused without its id'),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    await using client = home.start('p');
    await client.initialize();
    const slow = '"method":"tools/call","params":{"name":"slow","arguments":{"ms":400}}';
    await client.sendLine(`{"jsonrpc":"2.0","id":1,${slow}}`);
    await client.sendLine(`{"jsonrpc":"2.0","id":"1",${slow}}`);
    const refused = await client.refusal('{"jsonrpc":"2.0","id":1,"method":"ping"}');
    expect(refused).toMatchObject({ id: null, error: { data: { code: 'duplicate_id' } } });
    expect((await client.answerTo(1)).result).toBeDefined();
    expect((await client.answerTo('1')).result).toBeDefined();
    // Answered, the id is free again.
    await client.sendLine('{"jsonrpc":"2.0","id":1,"method":"ping"}');
    await client.until('the second answer to 1', () => (client.answersTo(1).length === 2 ? true : undefined));
  },
);

it(verifies('BATCH-RULES', 'a batch of 2025-03-26 goes whole or not at all'), async () => {
  await using home = new TempHome();
  const ran = join(home.base, 'ran');
  const policy = 'version: 1\nrules:\n  - id: echo\n    effect: allow\n    when: { tool_name: echo }\n';
  home.addProxy('p', { backend: plainServer('--ran', ran), policy });
  await using client = home.start('p');
  await client.initialize('2025-03-26');
  const member = (id: number, name: string): string => call(String(id), `{"name":"${name}","arguments":{}}`);
  const allowed = `[${member(1, 'echo')},${member(2, 'echo')}]`;
  const mixed = `[${member(3, 'echo')},${member(4, 'delete_file')}]`;
  await client.sendLine(mixed);
  const refusals = await client.until('an answer to each member', () => {
    const answers = client.messages.flat().filter((message) => message.id === 3 || message.id === 4);
    return answers.length === 2 ? answers : undefined;
  });
  const codeOf = (id: number): unknown => {
    const answer = refusals.find((message) => message.id === id);
    return answer?.result?.structuredContent?.code ?? answer?.error?.data?.code;
  };
  expect([codeOf(3), codeOf(4)]).toEqual(['batch_refused', 'policy_denied']);
  await client.sendLine(allowed);
  await eventually('the whole batch', () => readFileSync(ran, 'utf8').split('\n').includes(allowed));
  expect(readFileSync(ran, 'utf8')).not.toContain(mixed);
});

it(
  verifies(['STRICT-OVERSIZE', 'OVERSIZE-MEMORY'], 'a line far over the limit is refused in bounded memory'),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer() });
    await using client = home.start('p');
    await client.initialize();
    const before = process.platform === 'linux' ? peakMemory(client.pid) : 0;
    const block = Buffer.alloc(1024 * 1024, 'x');
    await client.sendRaw(
      '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":{"message":"',
    );
    for (let sent = 0; sent < 128; sent++) await client.sendRaw(block);
    await client.sendLine('"}}}');
    const { error } = await client.until('the refusal', () =>
      client.messages.find((message) => message.error),
    );
    expect(error?.data?.code).toBe('message_too_large');
    expect((await client.request('ping')).result).toBeDefined();
    // The peak is read where the system tells it: memory is the requirement here, not time.
    if (process.platform === 'linux') expect(peakMemory(client.pid) - before).toBeLessThan(64 * 1024 * 1024);
  },
);
