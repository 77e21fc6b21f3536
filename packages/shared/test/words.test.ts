import { stricter } from '@mcp-acp/shared/effect';
import { AcpError, errorTable } from '@mcp-acp/shared/errors';
import { isInstanceId, isProxyId, newInstanceId, newProxyId } from '@mcp-acp/shared/ids';
import { canonicalJson } from '@mcp-acp/shared/json';
import { proxyNameProblem } from '@mcp-acp/shared/proxy-name';
import { isSecretName, redactedJson, redactText } from '@mcp-acp/shared/redaction';
import { visible } from '@mcp-acp/shared/visible';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

it('ids are what their checks accept', () => {
  const random = (length: number) => Uint8Array.from({ length }, (_, index) => index * 37);
  expect(isProxyId(newProxyId(random))).toBe(true);
  expect(isInstanceId(newInstanceId(random))).toBe(true);
  expect(isProxyId(newInstanceId(random))).toBe(false);
});

it('[PROXY-NAMES] names follow the rule and reserved ones are refused', () => {
  for (const name of ['a', 'A-1_b', '9', 'x'.repeat(64)]) expect(proxyNameProblem(name)).toBeUndefined();
  for (const name of ['', '-a', '_a', 'a b', 'a/b', '..', 'é', 'x'.repeat(65), 'manager', 'ALL', 'Default']) {
    expect(proxyNameProblem(name), name).toBeDefined();
  }
});

it('[EXIT-CODES] every error has an exit code of the table and a JSON-RPC code outside the protocol’s ranges', () => {
  for (const [code, { exit, rpc }] of Object.entries(errorTable)) {
    expect([1, 2, 10, 12, 13, 14, 15, 16], code).toContain(exit);
    expect(rpc >= -32069 || rpc <= -32600 ? rpc : undefined, code).toBeDefined();
  }
  expect(new AcpError('config_invalid').exitCode).toBe(16);
});

it('the stricter effect wins', () => {
  expect(stricter('allow', 'ask')).toBe('ask');
  expect(stricter('deny', 'ask')).toBe('deny');
  expect(stricter('allow', 'allow')).toBe('allow');
});

describe('canonical JSON', () => {
  it('reads as the same value and has sorted keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe('redaction', () => {
  it('[PAYLOAD-APART] hides values under secret names and credentials by form, and keeps the shape', () => {
    const secrets = {
      apiKey: 'kiwi-1',
      'X-Auth-Token': 'kiwi-2',
      DB_PASSWORD: 'kiwi-3',
      nested: [{ client_secret: { a: 'kiwi-4' } }],
      url: 'postgres://user:kiwi-5@host/db',
      text: 'use sk-proj-kiwi6kiwi6kiwi6kiwi6 or ghp_kiwi7kiwi7kiwi7kiwi7kiwi7 please',
      header: 'Authorization: Bearer kiwi8kiwi8kiwi8kiwi8',
      path: '/home/user/tokens.txt',
      ok: true,
    };
    const text = redactedJson(secrets);
    expect(text).not.toContain('kiwi');
    expect(JSON.parse(text)).toMatchObject({ path: '/home/user/tokens.txt', ok: true, apiKey: '[redacted]' });
  });

  it('[PAYLOAD-APART] is JSON again for any value', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void JSON.parse(redactedJson(value as never))));
  });

  it('knows names by their words', () => {
    for (const name of ['password', 'userPassword', 'API-KEY', 'refresh_token', 'Set-Cookie']) {
      expect(isSecretName(name), name).toBe(true);
    }
    for (const name of ['path', 'author', 'tokenize', 'keyboard', 'passenger', 'max_tokens_hint_count']) {
      expect(isSecretName(name), name).toBe(name === 'max_tokens_hint_count');
    }
  });

  it('takes time linear in hostile text', () => {
    // Counted in work done, not in time: each of these would not return before the runner's time-out if it backtracked.
    for (const text of [
      'eyJ'.repeat(100_000),
      '://'.repeat(100_000),
      `-----BEGIN ${'A '.repeat(100_000)}`,
      'sk-a'.repeat(100_000),
    ]) {
      expect(redactText(text).length).toBeGreaterThan(0);
    }
  });
});

it('hidden characters become visible and length is bounded', () => {
  expect(visible('a\u202Eb\u200Bc\u0007\n')).toBe('a\\u{202e}b\\u{200b}c\\u{7}\\u{a}');
  expect(visible('\uD800x')).toBe('\\u{d800}x');
  expect(visible('x'.repeat(300), 10)).toBe('xxxxxxxxxx… (300 characters)');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
      expect(/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(visible(text))).toBe(false);
    }),
  );
});
