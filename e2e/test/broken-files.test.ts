import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { plainServer } from '../resources/fixtures.ts';
import { eventually, records } from '../resources/journal.ts';
import { allowAll, TempHome } from '../resources/temp-home.ts';

const initializeParams = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'line-client', version: '1.0.0' },
};

const brokenPolicy = 'version: 1\nrules:\n  - id: a\n    efect: allow\n    when: { tool_name: "x" }\n';

async function startsBroken(
  prepare: (home: TempHome) => void,
  expected: { readonly code: string; readonly exit: number; readonly says: readonly RegExp[] },
): Promise<void> {
  await using home = new TempHome();
  home.addProxy('p', { backend: plainServer() });
  prepare(home);
  await using client = home.start('p');
  const answer = await client.request('initialize', initializeParams, 1);
  expect(answer.error?.data?.code).toBe(expected.code);
  const told = `${answer.error?.message} ${JSON.stringify(answer.error?.data)}`;
  for (const pattern of expected.says) expect(told).toMatch(pattern);
  expect((await client.ended()).code).toBe(expected.exit);
  for (const pattern of expected.says) expect(client.stderr).toMatch(pattern);
  expect(client.messages).toHaveLength(1);
}

describe('at start', () => {
  it(
    verifies(
      ['START-BROKEN', 'POLICY-STRICT'],
      'a misspelt key of a policy: where it is and what to write instead',
    ),
    () =>
      startsBroken((home) => home.write(home.paths.policy('p'), brokenPolicy), {
        code: 'policy_invalid',
        exit: 16,
        says: [/policy\.yaml/, /\b4\b/, /\b5\b/, /efect/, /effect/],
      }),
  );

  it(verifies('START-BROKEN', 'a policy that is no YAML'), () =>
    startsBroken((home) => home.write(home.paths.policy('p'), 'version: 1\nrules: [\n'), {
      code: 'policy_invalid',
      exit: 16,
      says: [/policy\.yaml/],
    }),
  );

  it(verifies(['START-BROKEN', 'CONFIG-STRICT'], 'an unknown key of a configuration'), () =>
    startsBroken(
      (home) => home.write(home.paths.proxyConfig('p'), '{\n  "format": 1,\n  "bakend": {}\n}\n'),
      { code: 'config_invalid', exit: 16, says: [/config\.json/, /bakend/] },
    ),
  );

  it(verifies('START-BROKEN', 'a configuration that is no JSON'), () =>
    startsBroken((home) => home.write(home.paths.proxyConfig('p'), '{\n  "format": 1,\n'), {
      code: 'config_invalid',
      exit: 16,
      says: [/config\.json/],
    }),
  );

  it(verifies(['START-BROKEN', 'NEWER-FORMAT'], 'a configuration of a newer version'), () =>
    startsBroken((home) => home.write(home.paths.proxyConfig('p'), '{ "format": 99 }\n'), {
      code: 'format_too_new',
      exit: 16,
      says: [/format 99/, /Update/],
    }),
  );

  it(verifies(['DISK-FAILS', 'EXIT-CODES'], 'an audit folder that cannot be made: exit 10'), () =>
    startsBroken(
      (home) => {
        // A file where the folder should be fails for every user, root included.
        const folder = home.paths.auditDir('p');
        mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
        writeFileSync(folder, '', { mode: 0o600 });
      },
      { code: 'audit_unavailable', exit: 10, says: [/audit/] },
    ),
  );

  it(verifies(['START-BROKEN', 'EXIT-CODES'], 'a proxy that does not exist'), async () => {
    await using home = new TempHome();
    await using client = home.start('nobody');
    const answer = await client.request('initialize', initializeParams, 1);
    expect(answer.error?.data?.code).toBe('proxy_unknown');
    expect((await client.ended()).code).toBe(16);
  });
});

describe('while it runs', () => {
  const denyEcho = 'version: 1\nrules:\n  - id: e\n    effect: deny\n    when: { tool_name: echo }\n';
  const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex');
  const change = (home: TempHome, event: string, version: string) =>
    records(home, 'p').find(
      (record) => record.type === 'policy' && record.event === event && record.version === version,
    );

  for (const signalled of [true, false]) {
    it(
      verifies(
        'RELOAD-KEEPS-GOOD',
        `a policy broken ${signalled ? 'and reloaded by signal' : 'in its file'} leaves the last good one in force`,
      ),
      async () => {
        await using home = new TempHome();
        home.addProxy('p', { backend: plainServer(), policy: allowAll });
        await using client = home.start('p');
        await client.initialize();
        home.write(home.paths.policy('p'), brokenPolicy);
        if (signalled) client.child.kill('SIGHUP');
        await eventually('the rejection', () => change(home, 'rejected', versionOf(brokenPolicy)));
        expect((await client.call('echo', { message: 'still here' })).result.isError).toBeUndefined();
        // Mended and tightened, it takes effect without a restart.
        home.write(home.paths.policy('p'), denyEcho);
        if (signalled) client.child.kill('SIGHUP');
        await eventually('the new policy', () => change(home, 'loaded', versionOf(denyEcho)));
        expect((await client.call('echo')).result).toMatchObject({
          structuredContent: { code: 'policy_denied' },
        });
      },
    );
  }

  it(
    verifies(
      'RELOAD-KEEPS-GOOD',
      'an editor that replaces the file by renaming is noticed each time; a missing file is not a policy',
    ),
    async () => {
      await using home = new TempHome();
      home.addProxy('p', { backend: plainServer(), policy: allowAll });
      await using client = home.start('p');
      await client.initialize();
      const file = home.paths.policy('p');
      const rules = ['echo', 'slow', 'fail'].map(
        (tool) => `  - { id: no-${tool}, effect: deny, when: { tool_name: ${tool} } }\n`,
      );
      for (let count = 1; count <= rules.length; count++) {
        const text = allowAll + rules.slice(0, count).join('');
        home.write(`${file}.new`, text);
        renameSync(`${file}.new`, file);
        await eventually(`version ${count}`, () => change(home, 'loaded', versionOf(text)));
      }
      rmSync(file);
      client.child.kill('SIGHUP');
      await eventually('the rejection', () =>
        records(home, 'p').some((record) => record.type === 'policy' && record.event === 'rejected'),
      );
      expect((await client.call('read_file')).result.isError).toBeUndefined();
      expect((await client.call('fail')).result).toMatchObject({
        structuredContent: { code: 'policy_denied' },
      });
    },
  );

  it(verifies('LOOSENING-HELD', 'a loosening found by the watch is held until it is confirmed'), async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer(), policy: denyEcho });
    await using client = home.start('p');
    await client.initialize();
    home.write(home.paths.policy('p'), allowAll);
    await eventually('the hold', () => change(home, 'held', versionOf(allowAll)));
    expect((await client.call('echo')).result).toMatchObject({
      structuredContent: { code: 'policy_denied' },
    });
    const confirmed = await runCommand(home, ['policy', 'confirm', '--proxy', 'p']);
    expect(confirmed.code, confirmed.stderr).toBe(0);
    await eventually('the loosened policy', () => change(home, 'loaded', versionOf(allowAll)));
    expect((await client.call('echo')).result.isError).toBeUndefined();
  });
});
