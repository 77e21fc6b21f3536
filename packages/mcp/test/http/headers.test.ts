import { headerValue } from '@mcp-acp/mcp/http/header-value';
import { createMirroredParameters, type MirroredHeaders } from '@mcp-acp/mcp/http/mirrored-parameters';
import { redirectOf, urlFrom } from '@mcp-acp/mcp/http/redirect';
import { metadataHeaders } from '@mcp-acp/mcp/http/request-headers';
import type { RequestMessage, ResponseMessage } from '@mcp-acp/mcp/message';
import { checkMessage } from '@mcp-acp/mcp/strict/check-message';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const message = (content: object): unknown =>
  checkMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, ...content })));
const request = (method: string, params: object): RequestMessage =>
  message({ method, params }) as RequestMessage;

const stateless = (method: string, params: object, revision = '2026-07-28'): RequestMessage =>
  request(method, { ...params, _meta: { 'io.modelcontextprotocol/protocolVersion': revision } });

describe('the value of a header', () => {
  // The examples of 2026-07-28, Streamable HTTP, "Value Encoding".
  test.each([
    ['us-west1', 'us-west1'],
    ['Hello, 世界', '=?base64?SGVsbG8sIOS4lueVjA==?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['line1\nline2', '=?base64?bGluZTEKbGluZTI=?='],
    ['=?base64?literal?=', '=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?='],
    ['', ''],
    ['a\tb c', 'a\tb c'],
    ['tab\t', '=?base64?dGFiCQ==?='],
  ])('%j is sent as %j', (text, value) => expect(headerValue(text)).toBe(value));

  test('every text can be sent, and read back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })), (text) => {
        const value = headerValue(text);
        expect(value).toMatch(/^[\x20-\x7e\t]*$/);
        const encoded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
        expect(encoded === undefined ? value : Buffer.from(encoded, 'base64').toString('utf8')).toBe(
          Buffer.from(text).toString('utf8'),
        );
      }),
    );
  });
});

describe('the headers that repeat a body', () => {
  test.each([
    ['tools/call', { name: 'echo', arguments: {} }, 'echo'],
    ['prompts/get', { name: 'grüße' }, '=?base64?Z3LDvMOfZQ==?='],
    ['resources/read', { uri: 'file:///a/b.json' }, 'file:///a/b.json'],
    ['tasks/get', { taskId: 'task-7' }, 'task-7'],
    ['tools/list', { name: 'not a name' }, undefined],
  ])('%s', (method, params, name) => {
    expect(metadataHeaders(stateless(method, params))).toEqual({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': name }),
    });
  });

  test('a hostile revision or method cannot add a header', () => {
    const headers = metadataHeaders(stateless('x\r\nEvil: 1', {}, '1\r\nEvil: 1'));
    for (const value of Object.values(headers)) expect(value).not.toMatch(/[\r\n]/);
  });
});

describe('parameters mirrored in headers', () => {
  function mirrored(inputSchema: object, args: unknown): MirroredHeaders {
    const index = createMirroredParameters();
    index.sawTools(message({ result: { tools: [{ name: 'sql', inputSchema }] } }) as ResponseMessage);
    return index.headersFor(request('tools/call', { name: 'sql', arguments: args }));
  }
  const annotated = (type: string, header: unknown): object => ({ type, 'x-mcp-header': header });

  test('values of every primitive type, at any depth of properties', () => {
    const schema = {
      type: 'object',
      properties: {
        region: annotated('string', 'Region'),
        dry: annotated('boolean', 'Dry-Run'),
        page: { type: 'object', properties: { size: annotated('integer', 'Page-Size') } },
        query: { type: 'string' },
      },
    };
    expect(mirrored(schema, { region: 'Zürich', dry: false, page: { size: 42 }, query: 'select' })).toEqual({
      kind: 'headers',
      headers: {
        'mcp-param-region': '=?base64?WsO8cmljaA==?=',
        'mcp-param-dry-run': 'false',
        'mcp-param-page-size': '42',
      },
    });
    expect(mirrored(schema, { region: null, page: {} })).toEqual({ kind: 'headers', headers: {} });
    expect(mirrored(schema, { region: 'x', __proto__: { dry: true } })).toEqual({
      kind: 'headers',
      headers: { 'mcp-param-region': 'x' },
    });
  });

  test.each([
    ['an empty name', { properties: { a: annotated('string', '') } }],
    ['a name with a space', { properties: { a: annotated('string', 'A B') } }],
    ['a name with a line break', { properties: { a: annotated('string', 'A\r\nB') } }],
    ['a name that is none', { properties: { a: annotated('string', 7) } }],
    ['a number', { properties: { a: annotated('number', 'A') } }],
    ['an object', { properties: { a: annotated('object', 'A') } }],
    ['the same name twice', { properties: { a: annotated('string', 'A'), b: annotated('string', 'a') } }],
    ['inside items', { properties: { a: { type: 'array', items: annotated('string', 'A') } } }],
    ['inside a composition', { anyOf: [{ properties: { a: annotated('string', 'A') } }] }],
    [
      'inside definitions',
      { $defs: { d: annotated('string', 'A') }, properties: { a: { $ref: '#/$defs/d' } } },
    ],
    ['at the root', { 'x-mcp-header': 'A', properties: {} }],
  ])('a tool is not called whose annotation is invalid: %s', (_, schema) => {
    expect(mirrored({ type: 'object', ...schema }, { a: 'x' })).toMatchObject({ kind: 'invalid' });
  });

  test('a property or a default of that name is no annotation', () => {
    const schema = {
      type: 'object',
      properties: {
        'x-mcp-header': { type: 'string' },
        b: { type: 'object', default: { 'x-mcp-header': 1 } },
      },
    };
    expect(mirrored(schema, { 'x-mcp-header': 'x' })).toEqual({ kind: 'headers', headers: {} });
  });

  test('a tool that is listed anew without annotations has none any more', () => {
    const index = createMirroredParameters();
    const list = (inputSchema: object): void =>
      index.sawTools(message({ result: { tools: [{ name: 'sql', inputSchema }] } }) as ResponseMessage);
    list({ properties: { a: annotated('number', 'A') } });
    list({ properties: { a: { type: 'number' } } });
    const call = request('tools/call', { name: 'sql', arguments: { a: 1 } });
    expect(index.headersFor(call)).toEqual({ kind: 'headers', headers: {} });
  });
});

describe('redirects', () => {
  const from = new URL('https://mcp.example/mcp');
  const to = (status: number, location?: string) =>
    redirectOf(status, location === undefined ? {} : { location }, from);

  test('are followed where method, body and origin stay', () => {
    expect(to(307, '/mcp/')).toEqual({
      kind: 'to',
      url: new URL('https://mcp.example/mcp/'),
      isPermanent: false,
    });
    expect(to(308, 'https://mcp.example/v2')).toEqual({
      kind: 'to',
      url: new URL('https://mcp.example/v2'),
      isPermanent: true,
    });
    expect(to(200)).toBeUndefined();
  });

  test.each([
    [302, '/mcp/'],
    [303, '/mcp/'],
    [307, 'https://evil.example/mcp'],
    [307, 'http://mcp.example/mcp'],
    [307, 'https://mcp.example:8443/mcp'],
    [307, 'https://user:secret@mcp.example/mcp'],
    [308, undefined],
    [308, 'https://'],
  ])('are refused otherwise: %i to %s', (status, location) => {
    expect(to(status, location)).toMatchObject({ kind: 'refused' });
  });

  test('an address with credentials is none', () =>
    expect(urlFrom('//a:b@mcp.example/', from)).toBeUndefined());
});
