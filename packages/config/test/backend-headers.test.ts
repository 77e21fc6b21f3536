import { expect, test } from 'vitest';
import { backendHeaders } from '../src/backend-headers.ts';
import { isReadableOnTheWay, shownUrl } from '../src/backend-url.ts';

test('values come from the file, or from the variable of the name, or of its capitals', () => {
  const backend = { headers: { 'X-Team': 'a' }, inheritHeaders: ['Authorization', 'X-Api-Key', 'x-low'] };
  const env = { AUTHORIZATION: 'Bearer t', X_API_KEY: ' k ', 'x-low': 'exact', X_LOW: 'capitals' };
  expect(backendHeaders(backend, env)).toEqual({
    'X-Team': 'a',
    Authorization: 'Bearer t',
    'X-Api-Key': 'k',
    'x-low': 'exact',
  });
});

test.each([
  [{}, /"X-Api-Key" is taken from X_API_KEY, which is not set/],
  [{ X_API_KEY: ' ' }, /"X-Api-Key" is taken from X_API_KEY, which is not set/],
  [
    { 'X-Api-Key': 'a\nsecret' },
    /^The header "X-Api-Key" is taken from X-Api-Key, but its value holds a line end[^:]*$/,
  ],
])('%j', (env, message) => {
  expect(() => backendHeaders({ headers: {}, inheritHeaders: ['X-Api-Key'] }, env)).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringMatching(message) }),
  );
});

test('what is sent over plain http leaves the machine, unless it is this machine', () => {
  const readable = ['http://mcp.example.com/mcp', 'http://192.168.1.2/', 'http://localhost.example.com/'];
  const kept = [
    'https://mcp.example.com/',
    'http://localhost:1/',
    'http://127.0.0.1/',
    'http://[::1]:8/',
    'http://a.localhost/',
  ];
  expect(readable.map(isReadableOnTheWay)).toEqual(readable.map(() => true));
  expect(kept.map(isReadableOnTheWay)).toEqual(kept.map(() => false));
});

test('a URL is shown without the secrets of its query', () => {
  expect(shownUrl('https://a/mcp?api_key=abc&team=b&access_token=c%20d')).toBe(
    'https://a/mcp?api_key=[redacted]&team=b&access_token=[redacted]',
  );
  expect(shownUrl('https://a/mcp')).toBe('https://a/mcp');
});
