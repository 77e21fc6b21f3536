import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DialogAnswer, DialogQuestion } from '@mcp-acp/admin/desktop-dialog';
import type { NewProxyDraft } from '@mcp-acp/api/ports/proxies';
import { homePaths } from '@mcp-acp/config/home-paths';
import { AcpError } from '@mcp-acp/shared/errors';
import { describe, expect, it } from 'vitest';
import { createFileServices } from '../src/files/file-services.ts';
import { createServerCheck } from '../src/setup/check-server.ts';
import { createProxySetup } from '../src/setup/proxy-setup.ts';

const draft = (more: object = {}, name = 'files'): NewProxyDraft => ({
  name,
  backend: { transport: 'stdio', commandLine: '/bin/true --a "b c"', environment: ['TOKEN'], ...more },
  template: 'read-only',
});

function scene(answers: readonly DialogAnswer[] = []) {
  const home = mkdtempSync(join(tmpdir(), 'acp-setup-'));
  const paths = homePaths({ MCP_ACP_HOME: home });
  const asked: DialogQuestion[] = [];
  const checked: string[] = [];
  const clock = { ms: 0 };
  const actor = () => ({ by: 'local:ann', channel: 'dashboard' as const, time: new Date().toISOString() });
  const queue = [...answers];
  let onAsk: () => void = () => undefined;
  const setup = createProxySetup({
    paths,
    env: { PATH: '/usr/bin:/bin' },
    program: { bin: '/opt/mcp-acp/bin/mcp-acp.cjs', home },
    actor,
    ask: async (question) => {
      asked.push(question);
      onAsk();
      return queue.shift() ?? 'no_dialog';
    },
    log: () => undefined,
    check: async (proxy) => {
      checked.push(proxy);
      return { ok: true, tools: [] };
    },
    monotonicMs: () => clock.ms,
  });
  const files = createFileServices({ paths, actor, reload: async () => [], tampered: () => undefined });
  return {
    paths,
    setup,
    files,
    asked,
    checked,
    clock,
    whenAsked: (act: () => void) => {
      onAsk = act;
    },
    isPending: (name = 'files') => existsSync(join(paths.proxyDir(name), 'launch.pending.json')),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

describe('[LAUNCH-UNCONFIRMED] what a page prepares', () => {
  it('waits for a person, and is shown whole', async () => {
    using at = scene();
    const launch = at.setup.create(draft());
    expect(launch).toEqual({
      confirmed: false,
      shown: "/bin/true --a 'b c'",
      environment: ['TOKEN'],
      confirm: 'mcp-acp proxy trust files',
    });
    expect(at.isPending()).toBe(true);
    await expect(at.setup.check('files', undefined)).rejects.toMatchObject({ code: 'launch_unconfirmed' });
    expect(at.checked).toEqual([]);
    const { json, notes } = at.setup.snippet('files');
    expect(JSON.parse(json).mcpServers.files).toMatchObject({ env: { TOKEN: '<the value of TOKEN>' } });
    expect(notes.join()).toMatch(/Fill in: TOKEN\..*proxy trust files/);
  });

  it('starts nothing and is confirmed by nothing a page can do, whatever it changes or says', async () => {
    using at = scene(['deny', 'no_answer']);
    at.setup.create(draft());
    const { digest, settings } = at.files.config('files');
    for (const { key, editable } of settings) {
      const isLaunch = key === 'id' || key.startsWith('backend.') || key.startsWith('audit.');
      expect(editable, key).toBe(!isLaunch);
      if (!isLaunch) continue;
      const changes = [{ key, value: null }];
      await expect(
        at.files.changeConfig({ proxy: 'files', edited: digest, changes }, 'req_x'),
      ).rejects.toMatchObject({
        code: 'not_permitted',
      });
    }
    const changes = [{ key: 'enabled', value: false }];
    await at.files.changeConfig({ proxy: 'files', edited: digest, changes }, 'req_x');
    const { digest: policy } = at.files.readPolicy('files');
    await at.files.savePolicy({ proxy: 'files', text: 'version: 1\nrules: []\n', edited: policy }, 'req_x');
    expect(() => at.setup.create(draft())).toThrow(AcpError);
    expect(await at.setup.askToConfirm('files')).toBe('refused');
    at.clock.ms += 30_000;
    expect(await at.setup.askToConfirm('files')).toBe('refused');
    expect(at.isPending()).toBe(true);
    expect(at.setup.launch('files').confirmed).toBe(false);
    expect(at.checked).toEqual([]);
  });

  it('is confirmed by the person who sees it, and by nobody for what they did not see', async () => {
    using at = scene(['approve', 'approve']);
    at.setup.create(draft({ commandLine: 'sh -c "echo \u202e; rm x"' }));
    at.whenAsked(() => {
      const file = at.paths.proxyConfig('files');
      writeFileSync(file, readFileSync(file, 'utf8').replace('echo', 'evil'));
    });
    await expect(at.setup.askToConfirm('files')).rejects.toMatchObject({ code: 'stale_edit' });
    expect(at.isPending()).toBe(true);
    at.whenAsked(() => undefined);
    expect(await at.setup.askToConfirm('files')).toBe('confirmed');
    expect(at.asked[0]?.text).toMatch(/\/sh\nArguments: -c\n {11}"echo \\\\u\{202e\}; rm x"/);
    expect(at.asked[1]?.text).toContain('evil');
    expect(at.asked[0]?.text).toContain('hold a program of their own');
    expect(at.isPending()).toBe(false);
    expect(at.setup.launch('files').confirmed).toBe(true);
    expect(await at.setup.check('files', undefined)).toEqual({ ok: true, tools: [] });
    expect(await at.setup.askToConfirm('files')).toBe('confirmed');
    expect(at.asked).toHaveLength(2);
  });

  it('is asked about once at a time, not again at once after a no, and never in parts', async () => {
    using at = scene(['deny', 'approve']);
    at.setup.create(draft());
    const [first, second] = await Promise.allSettled([
      at.setup.askToConfirm('files'),
      at.setup.askToConfirm('files'),
    ]);
    expect(first).toEqual({ status: 'fulfilled', value: 'refused' });
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'too_many_requests' } });
    expect(await at.setup.askToConfirm('files')).toBe('refused');
    expect(at.asked).toHaveLength(1);
    at.setup.create(draft({ commandLine: `/bin/echo ${'x '.repeat(200)}` }, 'long'));
    expect(await at.setup.askToConfirm('long')).toBe('no_dialog');
    expect(at.asked).toHaveLength(1);
    at.clock.ms += 30_000;
    expect(await at.setup.askToConfirm('files')).toBe('confirmed');
  });

  it('is not asked about for one proxy after another when somebody said no, and waits longer after each no', async () => {
    using at = scene(['deny', 'deny', 'deny', 'approve', 'deny']);
    for (const name of ['one', 'two', 'three']) at.setup.create(draft({}, name));
    const isRefused = { code: 'too_many_requests', message: 'Somebody has just said no to a dialog.' };
    for (const [refused, other, rest] of [
      ['one', 'two', 30_000],
      ['two', 'three', 60_000],
      ['three', 'one', 120_000],
    ] as const) {
      expect(await at.setup.askToConfirm(refused)).toBe('refused');
      const { length } = at.asked;
      at.clock.ms += rest - 1;
      await expect(at.setup.askToConfirm(other)).rejects.toMatchObject(isRefused);
      expect(at.asked).toHaveLength(length);
      at.clock.ms += 1;
    }
    expect(await at.setup.askToConfirm('one')).toBe('confirmed');
    expect(await at.setup.askToConfirm('two')).toBe('refused');
    at.clock.ms += 30_000;
    expect(await at.setup.askToConfirm('three')).toBe('no_dialog');
  });

  it('is bounded in number until somebody has looked at it', async () => {
    using at = scene(['approve']);
    for (let number = 0; number < 16; number++) at.setup.create(draft({}, `proxy-${number}`));
    expect(() => at.setup.create(draft({}, 'more'))).toThrow(/16 prepared proxies wait/);
    expect(await at.setup.askToConfirm('proxy-3')).toBe('confirmed');
    expect(at.setup.create(draft({}, 'more')).confirmed).toBe(false);
  });

  it('is refused where it is none, and leaves nothing behind', () => {
    using at = scene();
    const refused: [string, NewProxyDraft, string][] = [
      ['an open quote', draft({ commandLine: '/bin/true "a' }), 'usage'],
      ['nothing', draft({ commandLine: '   ' }), 'usage'],
      ['two lines', draft({ commandLine: '/bin/true\n/bin/false' }), 'usage'],
      ['a relative program', draft({ commandLine: './server' }), 'usage'],
      ['a relative folder', draft({ cwd: 'here' }), 'usage'],
      ['a folder that is none', draft({ cwd: '/x\0y' }), 'config_invalid'],
      ['a variable with a value', draft({ environment: ['TOKEN=1'] }), 'config_invalid'],
      ['a variable of ours', draft({ environment: ['MCP_ACP_HOME'] }), 'config_invalid'],
      ['a name that leads elsewhere', draft({}, '../../x'), 'usage'],
      ['a reserved name', draft({}, 'manager'), 'usage'],
      ['no such template', { ...draft(), template: '__proto__' }, 'usage'],
      [
        'a file',
        { ...draft(), backend: { transport: 'http', url: 'file:///etc/passwd', headers: [] } },
        'config_invalid',
      ],
      [
        'a header of two lines',
        { ...draft(), backend: { transport: 'http', url: 'http://127.0.0.1:1/', headers: ['A\r\nB'] } },
        'config_invalid',
      ],
    ];
    for (const [what, made, code] of refused) {
      let error: unknown;
      try {
        at.setup.create(made);
      } catch (thrown) {
        error = thrown;
      }
      expect(error, what).toMatchObject({ code });
    }
    expect(existsSync(at.paths.proxies) ? readdirSync(at.paths.proxies) : []).toEqual([]);
  });
});

describe('[CONFIG-BY-PAGE] settings', () => {
  it('are shown with what a form needs, and changed together or not at all', async () => {
    using at = scene();
    at.setup.create(draft());
    const before = at.files.config('files');
    const setting = (key: string) => at.files.config('files').settings.find((one) => one.key === key);
    expect(setting('approvals.holdMs')).toEqual({
      key: 'approvals.holdMs',
      description: expect.any(String),
      given: false,
      value: 45_000,
      default: 45_000,
      type: { kind: 'integer', least: 1_000, most: 3_600_000, unit: 'milliseconds' },
      takesEffect: 'at_once',
      editable: true,
    });
    expect(setting('logLevel')).toMatchObject({
      takesEffect: 'client_restart',
      type: { values: ['info', 'debug'] },
    });
    const change = (changes: { key: string; value: never }[], edited = before.digest) =>
      at.files.changeConfig({ proxy: 'files', edited, changes }, 'req_x');
    const wrong: [string, unknown, string][] = [
      ['approvals.holdMs', 999, 'usage'],
      ['approvals.holdMs', '45000', 'usage'],
      ['approvals.holdMs', 1_000.5, 'usage'],
      ['logLevel', 'everything', 'usage'],
      ['enabled', 'false', 'usage'],
      ['limits.rate.perMs', 5, 'usage'],
      ['limits.rate', { calls: 1 }, 'not_permitted'],
      ['backend.env.PATH', '/tmp', 'not_permitted'],
      ['__proto__', {}, 'not_permitted'],
      ['constructor.prototype', {}, 'not_permitted'],
    ];
    for (const [key, value, code] of wrong) {
      const both = [
        { key: 'logLevel', value: 'debug' as never },
        { key, value: value as never },
      ];
      await expect(change(both), key).rejects.toMatchObject({ code });
    }
    expect(at.files.config('files').digest).toBe(before.digest);
    const saved = await change([
      { key: 'limits.rate.calls', value: 5 as never },
      { key: 'limits.rate.perMs', value: 1_000 as never },
      { key: 'logLevel', value: 'debug' as never },
      { key: 'approvals.openMs', value: null as never },
    ]);
    expect(saved.changed).toEqual([
      { key: 'limits.rate.calls', takesEffect: 'at_once' },
      { key: 'limits.rate.perMs', takesEffect: 'at_once' },
      { key: 'limits.rate.effect', takesEffect: 'at_once' },
      { key: 'logLevel', takesEffect: 'client_restart' },
    ]);
    await expect(change([{ key: 'enabled', value: false as never }])).rejects.toMatchObject({
      code: 'stale_edit',
    });
    await change(
      [
        { key: 'limits.rate.calls', value: null as never },
        { key: 'limits.rate.perMs', value: null as never },
      ],
      saved.digest,
    );
    expect(readFileSync(at.paths.proxyConfig('files'), 'utf8')).not.toContain('limits');
  });

  it('of the manager are changed too, but for where the record lies and what is sent elsewhere', async () => {
    using at = scene();
    const { digest, settings } = at.files.config(undefined);
    expect(settings.filter(({ editable }) => !editable).map(({ key }) => key)).toEqual([
      'logDir',
      'telemetry.otlpEndpoint',
    ]);
    const changes = [{ key: 'notifications', value: false }];
    const saved = await at.files.changeConfig({ edited: digest, changes }, 'req_x');
    expect(saved).toMatchObject({
      changed: [{ key: 'notifications', takesEffect: 'manager_restart' }],
      reloaded: [],
    });
    for (const key of ['logDir', 'telemetry.otlpEndpoint'])
      await expect(
        at.files.changeConfig({ edited: saved.digest, changes: [{ key, value: '/tmp' }] }, 'req_x'),
      ).rejects.toMatchObject({ code: 'not_permitted' });
  });
});

describe('[SERVER-CHECKED] a server is asked for its tools', () => {
  const program = (source: string) => {
    const dir = mkdtempSync(join(tmpdir(), 'acp-check-'));
    const bin = join(dir, 'program.cjs');
    writeFileSync(bin, source);
    return { bin, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
  };

  it('and what it answers is taken as words, whatever it is', async () => {
    using at = program(`
      const [,, ...args] = process.argv;
      const tools = [{ name: 'read', title: 7, description: 'x'.repeat(9000) }, null, { name: { toString: 1 } }];
      console.log(JSON.stringify({ args, tools: args[4] === 'files' ? tools : undefined,
        error: args[4] === 'broken' ? { message: 'no', fix: 'yes' } : undefined }));
      if (args[4] === 'noise') process.stdout.write('more');`);
    const check = createServerCheck({ env: {}, bin: at.bin });
    const { ok, tools } = await check('files', undefined);
    expect([ok, tools.map(({ name }) => name), tools[0]?.description?.length]).toEqual([
      true,
      ['read', ''],
      4_096,
    ]);
    expect(await check('broken', undefined)).toEqual({ ok: false, tools: [], problem: 'no', fix: 'yes' });
    expect(await check('noise', undefined)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/without/),
    });
  });

  it('and of one that could not be asked it says why and what to do, in words for a page', async () => {
    using at = program(`
      const ours = (code, message) => ({ code, message: 'The proxy "x" could not be greeted: it answered with error -32064: ' + message,
        fix: 'See every message: --trace. Or leave the proxy out: --direct', reason: message, wrote: [],
        peer: { code: -32064, message, data: { code, method: 'initialize' } } });
      const errors = {
        badcmd: ours('backend_not_started', 'mcp-acp: initialize: The backend could not be started: The command "badcmd" was not found.. Give its absolute path: clients do not inherit the PATH.'),
        dies: { ...ours('backend_exited', 'mcp-acp: initialize: The backend ended before it answered; the call may have run: exit code 3. Check what happened before you try again.'), wrote: ['oops', 'no key'] },
        gone: ours('backend_unreachable', 'mcp-acp: initialize: The backend cannot be reached; the call was not sent: ECONNREFUSED. You may try again in a while; tell the user.'),
        secret: ours('config_invalid', 'mcp-acp: initialize: The header "Authorization" is taken from AUTHORIZATION, which is not set.'),
        licence: { ...ours('backend_not_started', 'no licence: mcp-acp: x'), peer: { code: -5, message: 'no licence' } },
        slow: { ...ours('backend_timeout', 'no answer within 30 s'), peer: undefined },
        typo: { code: 'proxy_unknown', message: 'There is no proxy.', fix: 'Make one.' },
      };
      console.log(JSON.stringify({ error: errors[process.argv[6]] }));`);
    const check = createServerCheck({ env: {}, bin: at.bin });
    const expected: Record<string, [problem: string, fix: RegExp]> = {
      badcmd: [
        'The backend could not be started: The command "badcmd" was not found. Give its absolute path: clients do not inherit the PATH.',
        /^Correct the command, then check again\.$/,
      ],
      dies: [
        'The server ended before it answered: exit code 3. It wrote: oops | no key',
        /Run its command in a terminal.*check again/,
      ],
      gone: ['The server cannot be reached: ECONNREFUSED.', /Start the server, or correct its URL/],
      secret: [
        'The header "Authorization" is taken from AUTHORIZATION, which is not set.',
        /your client's settings/,
      ],
      licence: ['No licence: mcp-acp: x.', /The server itself answered that/],
      slow: ['No answer within 30 s.', /takes longer the first time/],
      typo: ['There is no proxy.', /^Make one\.$/],
    };
    for (const [name, [problem, fix]] of Object.entries(expected)) {
      const checked = await check(name, undefined);
      expect(checked, name).toEqual({ ok: false, tools: [], problem, fix: expect.stringMatching(fix) });
      expect(`${checked.problem} ${checked.fix}`).not.toMatch(
        /--trace|--direct|could not be greeted|-32064|\.\./,
      );
    }
  });

  it('for a bounded time, by few at once, and as long as somebody waits', async () => {
    using at = program('setInterval(() => undefined, 1000);');
    const check = createServerCheck({ env: {}, bin: at.bin, mostMs: 300 });
    const leave = new AbortController();
    const first = check('one', undefined);
    const left = check('two', leave.signal);
    expect(await check('one', undefined)).toMatchObject({ ok: false, problem: 'Another check runs.' });
    expect(await check('three', undefined)).toMatchObject({ ok: false, problem: 'Another check runs.' });
    leave.abort();
    expect(await first).toMatchObject({ ok: false, problem: expect.stringMatching(/did not answer within/) });
    expect(await left).toMatchObject({ ok: false, problem: expect.stringMatching(/Nobody waits/) });
  });
});
