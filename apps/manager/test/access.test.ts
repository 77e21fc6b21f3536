import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageSessionSchema, tokenSchema } from '@mcp-acp/api/ports/access';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import { describe, expect, it, vi } from 'vitest';
import { type Access, openAccess } from '../src/access/open-access.ts';
import { settableClock } from './settable-clock.ts';

const hour = 60 * 60 * 1000;

/** Access as a manager has it, in a folder of its own; `again` is the next start. */
function scene() {
  const dir = mkdtempSync(join(tmpdir(), 'acp-access-'));
  const file = join(dir, 'access.json');
  const clock = settableClock();
  const incidents: ErrorCode[] = [];
  const logged: string[] = [];
  const open = (): Access =>
    openAccess({
      file,
      clock,
      retryMs: 20,
      incident: (code) => incidents.push(code),
      log: (_, detail) => logged.push(detail),
    });
  const access = open();
  return {
    dir,
    file,
    clock,
    incidents,
    logged,
    access,
    again: open,
    [Symbol.dispose]: () => {
      access.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const unlocked = (access: Access) => access.unlock(access.createCode().code);
const codeOf = async (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'unlocked',
    (error: { code?: unknown }) => error.code,
  );

describe('one-time codes', () => {
  it('have 128 bits and live for 30 seconds of time that passes, whatever the wall clock is set to', async () => {
    using at = scene();
    const { code, expiresInMs } = at.access.createCode();
    expect(Buffer.from(code, 'base64url')).toHaveLength(16);
    expect(expiresInMs).toBe(30_000);
    at.clock.set(-48 * hour);
    at.clock.pass(29_999);
    expect(await codeOf(at.access.unlock(code))).toBe('unlocked');
    const late = at.access.createCode();
    at.clock.pass(30_000);
    at.clock.set(-hour);
    expect(await codeOf(at.access.unlock(late.code))).toBe('unlock_refused');
    const jumped = at.access.createCode();
    at.clock.set(48 * hour);
    expect(await codeOf(at.access.unlock(jumped.code))).toBe('unlocked');
  });

  it('[WEB-CODE-ONCE] open one session, and a second use of one ends it and is an incident', async () => {
    using at = scene();
    const ended: string[] = [];
    at.access.onEnded((session) => ended.push(session));
    const { code } = at.access.createCode();
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => at.access.unlock(code)));
    const [first, ...others] = attempts;
    expect(first?.status).toBe('fulfilled');
    expect(others.map((attempt) => attempt.status)).toEqual(Array(7).fill('rejected'));
    expect(ended).toHaveLength(1);
    expect(at.access.sessions()).toEqual([]);
    expect(at.incidents).toContain('unlock_refused');
    const { cookie, token } = first?.status === 'fulfilled' ? first.value : { cookie: '', token: '' };
    expect(at.access.pageOf([cookie], token)).toBeUndefined();
    // The file says so too.
    expect(at.again().sessions()).toEqual([]);
  });

  it('are told of once they are over, so that what they were written to can go', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      using at = scene();
      let times = 0;
      const access = openAccess({
        file: at.file,
        incident: () => undefined,
        log: () => undefined,
        onCodesOver: () => times++,
      });
      for (let count = 0; count < 3; count++) access.createCode();
      vi.advanceTimersByTime(60_000);
      expect(times).toBe(1);
      access.createCode();
      access.close();
      vi.advanceTimersByTime(60_000);
      expect(times).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('of an earlier start, and wrong ones, are refused', async () => {
    using at = scene();
    const { code } = at.access.createCode();
    expect(await codeOf(at.again().unlock(code))).toBe('unlock_refused');
    for (const wrong of ['', code.slice(1), `${code} `, code.toUpperCase(), 'x'.repeat(10_000)]) {
      expect(await codeOf(at.access.unlock(wrong))).toBe('unlock_refused');
    }
  });

  it('[WEB-CODE-GUESSED] cannot be guessed: 100,000 guesses find nothing, are told of once, and keep no right code out', async () => {
    using at = scene();
    const { code } = at.access.createCode();
    const answers = new Map<unknown, number>();
    for (let guess = 0; guess < 100_000; guess++) {
      const answer = await codeOf(at.access.unlock(`guess-${guess}`));
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
    expect(Object.fromEntries(answers)).toEqual({ unlock_refused: 10, too_many_requests: 99_990 });
    expect(at.incidents).toEqual(['too_many_requests']);
    expect(await codeOf(at.access.unlock(code))).toBe('unlocked');
    expect(await codeOf(at.access.unlock('guess'))).toBe('too_many_requests');
    at.clock.pass(60_000);
    expect(await codeOf(at.access.unlock('guess'))).toBe('unlock_refused');
  });

  it('[WEB-CODE-ONCE] used again are found out behind any number of guesses too, and told of once', async () => {
    using at = scene();
    const { code } = at.access.createCode();
    const { session } = await at.access.unlock(code);
    for (let guess = 0; guess < 20; guess++) await codeOf(at.access.unlock(`guess-${guess}`));
    for (let again = 0; again < 20; again++) {
      expect(await codeOf(at.access.unlock(code))).toBe('unlock_refused');
      expect(at.access.stillThere(session)).toBe(false);
    }
    expect(at.incidents).toEqual(['too_many_requests', 'unlock_refused']);
  });
});

describe('sessions', () => {
  it('need the cookie and the token of the same session', async () => {
    using at = scene();
    const one = await unlocked(at.access);
    const other = await unlocked(at.access);
    expect(at.access.pageOf([one.cookie], one.token)).toBe(one.session);
    expect(at.access.pageOf(['tossed', one.cookie, other.cookie], other.token)).toBe(other.session);
    for (const [cookies, token] of [
      [[one.cookie], other.token],
      [[one.token], one.cookie],
      [[], one.token],
      [[one.cookie], ''],
      [[''], one.token],
    ] as const) {
      expect(at.access.pageOf(cookies, token)).toBeUndefined();
    }
  });

  it('[WEB-SECRETS-HASHED] are kept as hashes in a file of the user’s own', async () => {
    using at = scene();
    const { code } = at.access.createCode();
    const { cookie, token } = await at.access.unlock(code);
    const metrics = at.access.createToken('metrics', 'prometheus').token;
    const text = readFileSync(at.file, 'utf8');
    for (const secret of [code, cookie, token, metrics, metrics.slice(6)]) expect(text).not.toContain(secret);
    expect(statSync(at.file).mode & 0o777).toBe(0o600);
    expect(Buffer.from(cookie, 'base64url')).toHaveLength(32);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  });

  it('[WEB-SESSION-LASTS] survive a restart and end after 12 idle hours', async () => {
    using at = scene();
    const { session, cookie, token } = await unlocked(at.access);
    at.clock.pass(11 * hour);
    const second = at.again();
    expect(second.pageOf([cookie], token)).toBe(session);
    at.clock.pass(11 * hour);
    expect(second.stillThere(session)).toBe(true);
    second.close();
    const third = at.again();
    expect(third.sessions().map(({ id }) => id)).toEqual([session]);
    at.clock.pass(12 * hour + 1);
    expect(third.sessions()).toEqual([]);
    expect(third.pageOf([cookie], token)).toBeUndefined();
    expect(third.stillThere(session)).toBe(false);
  });

  it('end as well when the wall clock is set back, and a time that has yet to come extends none', async () => {
    using at = scene();
    const { session } = await unlocked(at.access);
    at.clock.set(-30 * hour);
    at.clock.pass(12 * hour + 1);
    expect(at.access.stillThere(session)).toBe(false);
    const { session: later } = await unlocked(at.access);
    at.clock.set(-48 * hour);
    const restarted = at.again();
    expect(restarted.stillThere(later)).toBe(true);
    const again = at.again();
    at.clock.pass(12 * hour + 1);
    expect(again.stillThere(later)).toBe(false);
  });

  it('write the time they were last seen at most once a minute', async () => {
    using at = scene();
    const { cookie, token } = await unlocked(at.access);
    const before = readFileSync(at.file, 'utf8');
    at.clock.pass(59_000);
    at.access.pageOf([cookie], token);
    expect(readFileSync(at.file, 'utf8')).toBe(before);
    at.clock.pass(1_000);
    at.access.pageOf([cookie], token);
    expect(readFileSync(at.file, 'utf8')).not.toBe(before);
  });

  it('are at most 25: the one idle for longest gives way', async () => {
    using at = scene();
    const opened = [];
    for (let count = 0; count < 25; count++) {
      opened.push(await unlocked(at.access));
      at.clock.pass(1_000);
    }
    const [first, second] = opened;
    at.access.stillThere(first?.session ?? '');
    at.clock.pass(1_000);
    await unlocked(at.access);
    const left = at.access.sessions().map(({ id }) => id);
    expect(left).toHaveLength(25);
    expect(left).toContain(first?.session);
    expect(left).not.toContain(second?.session);
  });

  it('are listed with their browser, and end at once when revoked, on the disk too', async () => {
    using at = scene();
    const ended: string[] = [];
    const stop = at.access.onEnded((session) => ended.push(session));
    let changes = 0;
    const stopCounting = at.access.onChanged(() => changes++);
    const { session, cookie } = await unlocked(at.access);
    at.access.describe(cookie, 'Browser/1.0 \u202e hidden');
    expect(at.access.sessions()).toMatchObject([{ id: session, userAgent: 'Browser/1.0 \\u{202e} hidden' }]);
    expect(at.access.revoke('page_unknown')).toBe(false);
    expect(at.access.revoke(session)).toBe(true);
    expect(at.access.revoke(session)).toBe(false);
    expect(ended).toEqual([session]);
    expect(changes).toBe(2);
    expect(at.again().sessions()).toEqual([]);
    stopCounting();
    stop();
    at.access.revoke((await unlocked(at.access)).session);
    expect(ended).toEqual([session]);
  });
});

describe('metric tokens', () => {
  it('open the metrics until they are revoked, over a restart', () => {
    using at = scene();
    const { id, token } = at.access.createToken('metrics', 'prometheus');
    expect(token).toMatch(/^acp_m_[\w-]{43}$/);
    expect(at.access.tokens()).toMatchObject([{ id, scope: 'metrics', name: 'prometheus' }]);
    const restarted = at.again();
    expect(restarted.mayReadMetrics(token)).toBe(true);
    expect(restarted.mayReadMetrics(token.slice(6))).toBe(false);
    expect(restarted.revokeToken(id)).toBe(true);
    expect(restarted.revokeToken(id)).toBe(false);
    expect(restarted.mayReadMetrics(token)).toBe(false);
    expect(at.again().mayReadMetrics(token)).toBe(false);
  });

  it('have a name that can be told, however it is written, and so do browsers; longer ones of an earlier version too', async () => {
    using at = scene();
    const family = '👩‍👩‍👧‍👦 family server 👩‍💻 in the kitchen 👨‍🍳';
    at.access.createToken('metrics', family);
    const { cookie } = await unlocked(at.access);
    at.access.describe(cookie, `Browser ${family.repeat(20)}`);
    const long = JSON.stringify('\u{200d}'.repeat(100));
    const told = (access: Access): void => {
      expect(tokenSchema.array().parse(access.tokens())).toHaveLength(1);
      expect(pageSessionSchema.array().parse(access.sessions())).toHaveLength(1);
    };
    told(at.access);
    at.access.close();
    const text = readFileSync(at.file, 'utf8');
    writeFileSync(
      at.file,
      text.replace(/"(name|userAgent)": ".*"/g, (_, name) => `"${name}": ${long}`),
    );
    told(at.again());
  });

  it('are at most 25', () => {
    using at = scene();
    for (let count = 0; count < 25; count++) at.access.createToken('metrics');
    expect(() => at.access.createToken('metrics')).toThrow(/25 tokens already/);
  });
});

describe('access.json', () => {
  const damages: readonly (readonly [string, (file: string) => void])[] = [
    ['is cut', (file) => writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20))],
    ['is no JSON', (file) => writeFileSync(file, 'not json')],
    ['has no version', (file) => writeFileSync(file, '{"sessions":[],"tokens":[]}')],
    [
      'has another hash',
      (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/"token": ".{64}"/, '"token": "00"')),
    ],
    ['has a list that is none', (file) => writeFileSync(file, '{"format":1,"sessions":{},"tokens":[]}')],
    ['can be written by others', (file) => chmodSync(file, 0o622)],
    ['is too large', (file) => writeFileSync(file, readFileSync(file, 'utf8') + ' '.repeat(300_000))],
    [
      'is a symbolic link',
      (file) => {
        writeFileSync(`${file}.else`, readFileSync(file));
        rmSync(file);
        symlinkSync(`${file}.else`, file);
      },
    ],
    [
      'is a folder',
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
  ];
  for (const [what, damage] of damages) {
    it(`[WEB-ACCESS-DAMAGED] that ${what} is set aside, said, and lets nobody in`, async () => {
      using at = scene();
      const { cookie, token } = await unlocked(at.access);
      damage(at.file);
      const restarted = at.again();
      expect(restarted.pageOf([cookie], token)).toBeUndefined();
      expect(restarted.sessions()).toEqual([]);
      expect(at.logged.join()).toContain('set aside');
      expect(readdirSync(at.dir).filter((name) => name.startsWith('access.json.damaged-'))).toHaveLength(1);
      // Whoever has the terminal unlocks again.
      expect(await codeOf(unlocked(restarted))).toBe('unlocked');
      expect(restarted.problem).toBeUndefined();
    });
  }

  it('of a newer version is left as it is, and everything stays locked', async () => {
    using at = scene();
    const { cookie, token } = await unlocked(at.access);
    const newer = readFileSync(at.file, 'utf8').replace('"format": 1', '"format": 2');
    writeFileSync(at.file, newer);
    const restarted = at.again();
    expect(restarted.problem?.code).toBe('format_too_new');
    expect(restarted.pageOf([cookie], token)).toBeUndefined();
    expect(() => restarted.createCode()).toThrow(/newer version/);
    expect(() => restarted.createToken('metrics')).toThrow(/newer version/);
    restarted.close();
    expect(readFileSync(at.file, 'utf8')).toBe(newer);
  });

  it('that cannot be written opens no session, and one that is revoked is over all the same', async () => {
    using at = scene();
    const { session, cookie, token } = await unlocked(at.access);
    rmSync(at.dir, { recursive: true });
    expect(await codeOf(unlocked(at.access))).toBe('internal');
    expect(at.access.sessions().map(({ id }) => id)).toEqual([session]);
    expect(() => at.access.revoke(session)).toThrow(/cannot be written/);
    expect(at.access.pageOf([cookie], token)).toBeUndefined();
    expect(existsSync(at.file)).toBe(false);
  });

  it('[WEB-REVOKED] that could not be written says what was taken back as soon as it can', async () => {
    using at = scene();
    const { session, cookie, token } = await unlocked(at.access);
    const metrics = at.access.createToken('metrics');
    const before = readFileSync(at.file, 'utf8');
    rmSync(at.dir, { recursive: true });
    expect(() => at.access.revokeToken(metrics.id)).toThrow(/cannot be written.*tried again/);
    expect(() => at.access.revoke(session)).toThrow(/cannot be written/);
    // It is not there any more, but that is not yet for good.
    expect(() => at.access.revoke(session)).toThrow(/cannot be written/);
    mkdirSync(at.dir, { mode: 0o700 });
    writeFileSync(at.file, before, { mode: 0o600 });
    await expect.poll(() => at.again().mayReadMetrics(metrics.token)).toBe(false);
    const restarted = at.again();
    expect(restarted.pageOf([cookie], token)).toBeUndefined();
    expect(at.access.revoke(session)).toBe(false);
  });

  it('[WEB-REVOKED] that can be written again says so when somebody asks a second time', async () => {
    using at = scene();
    const access = openAccess({
      file: at.file,
      clock: at.clock,
      retryMs: 1_000_000,
      incident: () => undefined,
      log: () => undefined,
    });
    const { id, token } = access.createToken('metrics');
    const before = readFileSync(at.file, 'utf8');
    rmSync(at.dir, { recursive: true });
    expect(() => access.revokeToken(id)).toThrow(/cannot be written/);
    mkdirSync(at.dir, { mode: 0o700 });
    writeFileSync(at.file, before, { mode: 0o600 });
    expect(at.again().mayReadMetrics(token)).toBe(true);
    expect(access.revokeToken(id)).toBe(true);
    expect(at.again().mayReadMetrics(token)).toBe(false);
    access.close();
  });
});
