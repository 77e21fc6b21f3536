import { describe, expect, it } from 'vitest';
import { checkHeaders, hasEnvelope, isStateless, statusOf } from '../conformance/bridge/envelope.ts';
import { checkMediaTypes, checkOrigin } from '../conformance/bridge/http-checks.ts';
import { errorFor, type Message } from '../conformance/bridge/json-rpc.ts';
import { decodeHeader, ParameterHeaders } from '../conformance/bridge/parameter-headers.ts';

const revision = '2026-07-28';
const envelope = {
  'io.modelcontextprotocol/protocolVersion': revision,
  'io.modelcontextprotocol/clientCapabilities': {},
};
const call = (args: object = {}, _meta: object = envelope): Message => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'weather', arguments: args, _meta },
});
const headers = {
  'mcp-protocol-version': revision,
  'mcp-method': 'tools/call',
  'mcp-name': 'weather',
};
const codeOf = (sent: object, message = call()): number | undefined =>
  checkHeaders({ ...headers, ...sent }, message, [])?.code;

describe('headers of the stateless era', () => {
  it('pass where they say what the body says, with space around them or wrapped in Base64', () => {
    expect(codeOf({})).toBeUndefined();
    expect(codeOf({ 'mcp-name': '  weather ' })).toBeUndefined();
    expect(codeOf({ 'mcp-name': '=?base64?d2VhdGhlcg==?=' })).toBeUndefined();
  });

  it.each([
    { 'mcp-protocol-version': undefined },
    { 'mcp-protocol-version': '2099-01-01' },
    { 'mcp-method': undefined },
    { 'mcp-method': 'TOOLS/CALL' },
    { 'mcp-name': undefined },
    { 'mcp-name': 'time' },
  ])('are refused where they do not: %j', (sent) => {
    expect(codeOf(sent)).toBe(-32020);
  });

  it('are not asked before the body has an envelope', () => {
    expect(codeOf({}, call({}, {}))).toBe(-32602);
  });

  it('wrap any text; what is no Base64 says nothing, what is not wrapped is taken as it stands', () => {
    expect(decodeHeader('=?base64?SGVsbG8=?=')).toBe('Hello');
    expect(decodeHeader('=?base64?SGVsbG8?=')).toBeUndefined();
    expect(decodeHeader('=?base64?SGVs!!!bG8=?=')).toBeUndefined();
    expect(decodeHeader('=?base64?SGVsbG8=')).toBe('=?base64?SGVsbG8=');
  });

  it('repeat the arguments that a listed schema names, however deep', () => {
    const parameters = new ParameterHeaders();
    const place = { type: 'object', properties: { city: { type: 'string', 'x-mcp-header': 'City' } } };
    parameters.learn({ tools: [{ name: 'weather', inputSchema: { properties: { place } } }] });
    const message = call({ place: { city: 'Bern' } });
    const check = (sent: object, of = message) =>
      checkHeaders({ ...headers, ...sent }, of, parameters.of(of))?.code;
    expect(check({ 'mcp-param-city': 'Bern' })).toBeUndefined();
    expect(check({ 'mcp-param-city': 'Basel' })).toBe(-32020);
    expect(check({})).toBe(-32020);
    expect(check({}, call())).toBeUndefined();
  });
});

describe('the era of a request', () => {
  it('is told by its header or by any claim in its body', () => {
    expect(isStateless({ 'mcp-protocol-version': revision }, call({}, {}))).toBe(true);
    expect(isStateless({}, call())).toBe(true);
    expect(isStateless({ 'mcp-protocol-version': '2025-11-25' }, call({}, {}))).toBe(false);
  });

  it('may be decided only by a whole envelope of the revision that is spoken', () => {
    expect(hasEnvelope(call())).toBe(true);
    expect(hasEnvelope(call({}, { 'io.modelcontextprotocol/protocolVersion': revision }))).toBe(false);
    expect(
      hasEnvelope(call({}, { ...envelope, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' })),
    ).toBe(false);
  });
});

it.each([
  [-32601, 404],
  [-32020, 400],
  [-32021, 400],
  [-32022, 400],
  [-32602, 200],
  [-32603, 200],
])('the error %i is the status %i', (code, status) => {
  expect(statusOf(errorFor(1, code, 'so'), call())).toBe(status);
});

it('wrong parameters are a bad request only where the envelope is what is wrong', () => {
  expect(statusOf(errorFor(1, -32602, 'so'), call({}, {}))).toBe(400);
});

it('other hosts and origins are turned away', () => {
  const at = (host: string, origin?: string) =>
    checkOrigin({ host, ...(origin === undefined ? {} : { origin }) });
  expect(at('127.0.0.1:80')).toBeUndefined();
  expect(at('localhost:8080', 'http://localhost:8080')).toBeUndefined();
  expect(at('evil.example')?.status).toBe(403);
  expect(at('localhost', 'http://evil.example')?.status).toBe(403);
  expect(at('localhost', 'null')?.status).toBe(403);
});

it('other media types are turned away', () => {
  const accept = 'application/json, text/event-stream';
  expect(checkMediaTypes({ 'content-type': 'application/json; charset=utf-8', accept })).toBeUndefined();
  expect(checkMediaTypes({ 'content-type': 'text/plain', accept })?.status).toBe(415);
  expect(checkMediaTypes({ 'content-type': 'application/json', accept: 'application/json' })?.status).toBe(
    406,
  );
});
