import type { ProxyId } from '@mcp-acp/shared/ids';
import type { JsonObject, JsonValue } from '@mcp-acp/shared/json';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeSetting, findSetting, formatSettings } from '../src/edit-settings.ts';
import { lineAndColumn } from '../src/json-places.ts';
import { managerSettings } from '../src/manager-settings.ts';
import { type ProxyConfig, parseProxyConfig } from '../src/proxy-config.ts';
import { proxySettings } from '../src/proxy-settings.ts';
import { checkSettingsText, type PlacedProblem } from '../src/read-settings.ts';
import { applies, type Setting, valueAt } from '../src/setting.ts';
import { settingsSchema } from '../src/settings-schema.ts';

const smallest = { format: 1, id: 'px_abcdefghijklmnop', backend: { command: 'node' } };
const smallestHttp = {
  format: 1,
  id: 'px_abcdefghijklmnop',
  backend: { transport: 'http', url: 'https://mcp.example.com/mcp' },
};

const problemsOf = (text: string): readonly PlacedProblem[] => {
  const check = checkSettingsText(proxySettings, text, 'config.json');
  return check.ok ? [] : check.problems;
};

/** Values each setting accepts, by its type. */
function valueFor(setting: Setting): fc.Arbitrary<JsonValue> {
  const { type } = setting;
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,12}$/);
  // Names of headers are the same whatever their case, and no two settings may have the same one.
  if (setting.key === 'backend.headers') {
    return fc.dictionary(
      word.map((name) => `H-${name.toLowerCase()}`),
      word,
      { maxKeys: 3 },
    );
  }
  if (setting.key === 'backend.inheritHeaders') {
    return fc.uniqueArray(
      word.map((name) => `i-${name.toLowerCase()}`),
      { maxLength: 3 },
    );
  }
  switch (type.kind) {
    case 'boolean':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...type.values);
    case 'integer':
      return fc.integer({ min: type.least, max: type.most });
    case 'list':
      return fc.array(word, { maxLength: 4 });
    case 'map':
      return fc.dictionary(
        word.filter((name) => !/^mcp_acp_/i.test(name)),
        fc.string().filter((text) => !text.includes('\0')),
        { maxKeys: 3 },
      );
    case 'text':
      return fc.constant(setting.example);
  }
}

const fullConfig: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom(smallest, smallestHttp),
    ...proxySettings.settings.map((setting) => fc.option(valueFor(setting), { nil: undefined })),
  )
  .map(([start, ...values]) => {
    let config: JsonObject = start;
    proxySettings.settings.forEach((setting, index) => {
      const value = values[index];
      if (value === undefined || setting.fixed || setting.key.startsWith('limits.rate.')) return;
      if (setting.key === 'backend.transport' || !applies(proxySettings, setting, config)) return;
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      config = changeSetting(proxySettings, config, { key: setting.key, text });
    });
    return config;
  });

test('every default is filled in', () => {
  expect(parseProxyConfig(JSON.stringify(smallest), 'files', 'config.json')).toEqual({
    format: 1,
    id: 'px_abcdefghijklmnop' as ProxyId,
    enabled: true,
    backend: {
      id: 'files',
      transport: 'stdio',
      command: 'node',
      args: [],
      env: {},
      inheritEnv: [],
      callIdleMs: 300_000,
    },
    approvals: { holdMs: 45_000, openMs: 600_000 },
    limits: { messageBytes: 33_554_432 },
    logLevel: 'info',
    audit: { durability: 'sync', payloads: 'arguments' },
  } satisfies ProxyConfig);
});

test('a given rate limit gets the defaults of its other settings', () => {
  const text = JSON.stringify({ ...smallest, limits: { rate: { calls: 3 } } });
  expect(parseProxyConfig(text, 'p', 'f').limits).toEqual({
    messageBytes: 33_554_432,
    rate: { calls: 3, perMs: 60_000, effect: 'deny' },
  });
});

test('what is written is read back the same', () => {
  fc.assert(
    fc.property(fullConfig, (config) => {
      const check = checkSettingsText(proxySettings, formatSettings(config), 'f');
      expect(check).toEqual({ ok: true, value: config });
    }),
  );
});

test('an unknown setting anywhere is found at its place', () => {
  const groups = ['', 'backend', 'limits', 'audit'];
  fc.assert(
    fc.property(fullConfig, fc.constantFrom(...groups), fc.nat(8), (config, group, indent) => {
      const object = group === '' ? config : (valueAt(config, [group]) ?? {});
      const withMore = { ...(object as JsonObject), zzzz: 1 };
      const whole = group === '' ? withMore : { ...config, [group]: withMore };
      const text = JSON.stringify(whole, null, indent);
      const [problem, ...others] = problemsOf(text);
      expect(others).toEqual([]);
      expect(problem?.message).toBe(`Unknown setting "${group === '' ? '' : `${group}.`}zzzz".`);
      const { line, column } = lineAndColumn(text, text.indexOf('"zzzz"'));
      expect(problem?.position).toEqual({ file: 'config.json', line, column });
    }),
  );
});

test('text that is not JSON is never accepted and always has a place in the text', () => {
  fc.assert(
    fc.property(
      fullConfig,
      fc.nat(),
      fc.constantFrom('', '"', '{', '}', ',', ':', '\\', 'x', '\n'),
      (config, at, put) => {
        const good = formatSettings(config);
        const index = at % good.length;
        const text = good.slice(0, index) + put + good.slice(index + 1);
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (valid) return;
        const [problem] = problemsOf(text);
        expect(problem?.message).toMatch(/^Not valid JSON: (?!The file cannot)/);
        expect(problem?.position.line).toBeLessThanOrEqual(text.split('\n').length);
      },
    ),
  );
});

test.each([
  [
    '{"format":1,"format":1,"id":"px_abcdefghijklmnop","backend":{"command":"a"}}',
    '"format" is there twice.',
    13,
  ],
  ['{"id":"px_abcdefghijklmnop","backend":{"comand":"a"}}', 'Unknown setting "backend.comand".', 40],
  [
    '{"id":"px_abcdefghijklmnop","backend":{"command":"a"},"loglevel":"debug"}',
    'Unknown setting "loglevel".',
    55,
  ],
  [
    '{"id":"px_abcdefghijklmnop","backend":{"command":"a"},"logLevel":"debgu"}',
    '"logLevel" cannot be "debgu".',
    66,
  ],
  [
    '{"id":"px_abcdefghijklmnop","backend":{"command":"a","transport":"http"}}',
    '"backend.command" exists only with "backend.transport": "stdio"; here it is "http".',
    40,
  ],
  [
    '{"id":"px_abcdefghijklmnop","backend":{"url":"http://a/","command":"a"}}',
    '"backend.url" exists only with "backend.transport": "http" or "sse"; here it is "stdio".',
    40,
  ],
  ['{"id":"px_abcdefghijklmnop","backend":{"transport":"sse"}}', '"backend.url" is missing.', 39],
  [
    '{"id":"px_abcdefghijklmnop","backend":{"command":"a","transport":"htpp"}}',
    '"backend.transport" cannot be "htpp".',
    66,
  ],
  [
    '{"id":"px_abcdefghijklmnop","backend":{"command":"a","env":{"MCP_ACP_HOME":"x"}}}',
    '"backend.env": Variables of mcp-acp itself never reach a backend.',
    76,
  ],
  [
    '{"id":"px_abcdefghijklmnop","backend":{"command":"a","callIdleMs":1.5}}',
    '"backend.callIdleMs" must be a whole number from 0 to 86400000 (milliseconds), not a number.',
    67,
  ],
  ['[1]', 'The file must hold an object, not a list.', 1],
  ['{"a":1,}', 'Not valid JSON: A comma before "}" is not allowed.', 8],
  ['{"a":1 /* x */}', 'Not valid JSON: A "," or "}" belongs here, not "/".', 8],
])('%s', (text, message, column) => {
  expect(problemsOf(text)[0]).toMatchObject({ message, position: { line: 1, column } });
});

test.each([
  ['"url":"ftp://a/"', '"backend.url" is not an http or https URL: It begins with http:// or https://.'],
  [
    '"url":"a.example/mcp"',
    '"backend.url" is not an http or https URL: It cannot be read; write it whole, such as https://mcp.example.com/mcp.',
  ],
  [
    '"url":"https://me:x@a/"',
    '"backend.url" is not an http or https URL: It holds no user and no password: send a secret as a header (--header Authorization).',
  ],
  [
    '"url":"https://@a/"',
    '"backend.url" is not an http or https URL: It holds no user and no password: send a secret as a header (--header Authorization).',
  ],
  [
    '"url":"https://a/#"',
    '"backend.url" is not an http or https URL: A fragment ("#…") is never sent to a server.',
  ],
  [
    '"url":" https://a/"',
    '"backend.url" is not an http or https URL: It holds a space or a control character.',
  ],
  [
    '"url":"https://a/","headers":{"Host":"b"}',
    '"backend.headers": "Host" is set by HTTP or MCP itself and cannot be given.',
  ],
  [
    '"url":"https://a/","headers":{"MCP-Session-Id":"b"}',
    '"backend.headers": "MCP-Session-Id" is set by HTTP or MCP itself and cannot be given.',
  ],
  [
    '"url":"https://a/","headers":{"Accept-Encoding":"gzip"}',
    '"backend.headers": "Accept-Encoding" is set by HTTP or MCP itself and cannot be given.',
  ],
  [
    '"url":"https://a/","inheritHeaders":["content-encoding"]',
    'Item 1 of "backend.inheritHeaders": "content-encoding" is set by HTTP or MCP itself and cannot be given.',
  ],
  ['"url":"https://a/","headers":{"a b":"c"}', '"backend.headers": "a b" cannot be the name of a header.'],
  [
    '"url":"https://a/","headers":{"A":"c\\r\\nB: d"}',
    '"backend.headers": A: its value holds a line end or another character that a header cannot carry.',
  ],
  [
    '"url":"https://a/","headers":{"A":"\u0416"}',
    '"backend.headers": A: its value holds a line end or another character that a header cannot carry.',
  ],
  ['"url":"https://a/","headers":{"X-A":"1","x-a":"2"}', 'The header "x-a" is there twice.'],
  ['"url":"https://a/","headers":{"X-A":"1"},"inheritHeaders":["x-a"]', 'The header "x-a" is there twice.'],
  [
    '"url":"https://a/","inheritHeaders":["TE"]',
    'Item 1 of "backend.inheritHeaders": "TE" is set by HTTP or MCP itself and cannot be given.',
  ],
  [
    '"url":"https://a/","inheritHeaders":["mcp_acp_home"]',
    'Item 1 of "backend.inheritHeaders": Variables of mcp-acp itself never reach a backend.',
  ],
  [
    '"url":"https://a/","maxConnections":0',
    '"backend.maxConnections" must be a whole number from 2 to 1024, not 0.',
  ],
])('an HTTP backend with %s', (members, message) => {
  const text = `{"id":"px_abcdefghijklmnop","backend":{"transport":"http",${members}}}`;
  expect(problemsOf(text).map((problem) => problem.message)).toEqual([message]);
});

test('every default of an HTTP backend is filled in, and none of the other transport', () => {
  expect(parseProxyConfig(JSON.stringify(smallestHttp), 'remote', 'config.json').backend).toEqual({
    id: 'remote',
    transport: 'http',
    url: 'https://mcp.example.com/mcp',
    headers: {},
    inheritHeaders: [],
    connectMs: 10_000,
    firstByteMs: 300_000,
    idleMs: 300_000,
    connectRetries: 4,
    maxConnections: 128,
  } satisfies ProxyConfig['backend']);
});

test('the schema says which settings go together', () => {
  const schema = settingsSchema(proxySettings);
  expect(valueAt(schema, ['properties', 'backend'])).toMatchObject({
    allOf: [
      {
        if: { properties: { transport: { enum: ['stdio'] } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
        then: { required: ['command'] },
        else: { properties: { command: false, args: false, cwd: false, env: false } },
      },
      {
        if: { properties: { transport: { enum: ['http', 'sse'] } }, required: ['transport'] },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
        then: { required: ['url'] },
        else: { properties: { url: false, headers: false, idleMs: false } },
      },
    ],
  });
});

test('a setting of the other transport cannot be set', () => {
  expect(() => changeSetting(proxySettings, smallest, { key: 'backend.url', text: 'https://a/' })).toThrow(
    /"backend.url" exists only with "backend.transport": "http" or "sse"; here it is "stdio"/,
  );
});

test('near misses are suggested', () => {
  expect(problemsOf('{"id":"px_abcdefghijklmnop","backend":{"comand":"a"}}')[0]?.fix).toBe(
    'Did you mean "command"?',
  );
  expect(problemsOf('{"comand":"a"}').find(({ message }) => message.includes('comand'))?.fix).toBe(
    'Did you mean "backend.command"?',
  );
  expect(() => findSetting(proxySettings, 'audit.durabilty')).toThrow(
    expect.objectContaining({ code: 'usage', fix: 'Did you mean "audit.durability"?' }),
  );
});

test('a file of a newer format is refused as such, whatever else is in it', () => {
  expect(() => checkSettingsText(proxySettings, '{"format": 2, "new": true}', 'f')).toThrow(
    expect.objectContaining({ code: 'format_too_new', position: { file: 'f', line: 1, column: 12 } }),
  );
});

test('one entry of a map can be set and taken back', () => {
  const set = changeSetting(proxySettings, smallest, { key: 'backend.env.LANG', text: 'C' });
  expect(set.backend).toEqual({ command: 'node', env: { LANG: 'C' } });
  const back = changeSetting(proxySettings, set, { key: 'backend.env', text: undefined });
  expect(back).toEqual(smallest);
});

test('the identity cannot be set', () => {
  expect(() => changeSetting(proxySettings, smallest, { key: 'id', text: 'px_bbbbbbbbbbbbbbbb' })).toThrow(
    /set once/,
  );
});

test('every example is valid, and the schema names every setting', () => {
  for (const file of [proxySettings, managerSettings]) {
    const schema = JSON.stringify(settingsSchema(file));
    for (const setting of file.settings) {
      expect(setting.key.split('.').every((name) => schema.includes(`"${name}"`))).toBe(true);
      if (setting.fixed) continue;
      const transport = setting.onlyWith?.values[0];
      const start: JsonObject = transport === undefined ? {} : { backend: { transport } };
      const text = typeof setting.example === 'string' ? setting.example : JSON.stringify(setting.example);
      expect(() => changeSetting(file, start, { key: setting.key, text })).not.toThrow();
    }
  }
});
