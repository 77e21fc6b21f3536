import type { ApprovalCard, GrantOffer } from '@mcp-acp/shared/live/approval';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cardLines } from '../src/commands/approvals/card-lines.ts';
import { cells, clip, ofCertainWidth, pad, wrap } from '../src/commands/approvals/terminal-cells.ts';
import { type Key, keysIn } from '../src/commands/approvals/terminal-keys.ts';
import { watchFrame } from '../src/commands/approvals/watch-frame.ts';
import { pressed } from '../src/commands/approvals/watch-keys.ts';
import {
  emptyWatch,
  guardMs,
  type WatchState,
  withCard,
  withQuestions,
} from '../src/commands/approvals/watch-state.ts';
import { createStyle } from '../src/output/style.ts';
import { cardOf, id } from './card-of.ts';

const press = (state: WatchState, text: string, nowMs: number) => {
  let at = state;
  let effect: ReturnType<typeof pressed>['effect'];
  for (const key of keysIn(text)) {
    const next = pressed(at, key, { nowMs, page: 10 });
    at = drawn(next.state);
    effect = next.effect ?? effect;
  }
  return { state: at, effect };
};

/** As the live view does it: a card whose end was on the screen is read. */
const drawn = (state: WatchState, rows = 24): WatchState => {
  const { scroll, showsEnd } = watchFrame(state, { columns: 80, rows }, guardMs);
  return { ...state, scroll, isRead: state.isRead || showsEnd };
};

const showing = (offers: readonly GrantOffer[] = []): WatchState =>
  drawn(withCard(withQuestions(emptyWatch, [cardOf(0, offers), cardOf(1)], 0), cardOf(0, offers), 0));

test('[APPROVALS-WATCH] keys and sequences are told apart, whatever comes', () => {
  expect(keysIn('j\u001b[A\u001bOB\u001b[6~\u001b\r\u007f\u0003')).toEqual([
    { key: 'character', text: 'j' },
    { key: 'up' },
    { key: 'down' },
    { key: 'page_down' },
    { key: 'escape' },
    { key: 'enter' },
    { key: 'backspace' },
    { key: 'interrupt' },
  ] satisfies Key[]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) =>
      keysIn(text).every((key) => key.key !== 'character' || !/\p{Cc}/u.test(key.text)),
    ),
  );
});

test('[APPROVALS-WATCH] lines are as wide as they may be, and nothing is left out of what is wrapped', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 8, max: 40 }), (text, width) => {
      const lines = wrap(text, width, '  ');
      expect(lines.map((line, index) => (index === 0 ? line : line.slice(2))).join('')).toBe(
        ofCertainWidth(text),
      );
      for (const line of [...lines, clip(text, width)]) expect(cells(line)).toBeLessThanOrEqual(width);
      expect(cells(pad(text, width))).toBe(width);
    }),
  );
});

test('[APPROVALS-WATCH] a key before the guard is over answers nothing; after it a no is at once, a yes is typed', () => {
  for (const key of ['a', 'g', 'd', 'r']) {
    const early = press(showing(), key, guardMs - 1);
    expect([early.effect, early.state.keys.mode]).toEqual([undefined, 'list']);
  }
  const { approval, digest } = cardOf(0);
  expect(press(showing(), 'd', guardMs).effect).toEqual({
    effect: 'answer',
    answer: { approval, digest, answer: 'deny' },
  });
  expect(press(showing(), 'rwhy\r', guardMs).effect).toMatchObject({
    answer: { answer: 'deny', reason: 'why' },
  });
  for (const typed of ['a\r', 'ay\r', 'aYES\r', 'ayes', 'ayes\u001b\r', 'ayes!\r']) {
    expect(press(showing(), typed, guardMs).effect).toBeUndefined();
  }
  expect(press(showing(), 'ayesx\u007f\r', guardMs).effect).toEqual({
    effect: 'answer',
    answer: { approval, digest, answer: 'approve' },
  });
});

test('[APPROVALS-WATCH] a grant reaches no further than its offer', () => {
  const offers: GrantOffer[] = [{ scope: 'exact', mostMs: 60_000 }, { scope: 'tool' }];
  expect(press(showing(offers), 'g91', guardMs).state.keys).toMatchObject({ mode: 'time', times: [60_000] });
  expect(press(showing(offers), 'g23\rwrite_0\r', guardMs).effect).toMatchObject({
    answer: { answer: 'approve', reach: { scope: 'tool' } },
  });
  expect(press(showing(offers), 'g213\rwrite_0\r', guardMs).effect).toMatchObject({
    answer: { reach: { scope: 'tool', forMs: 300_000, uses: 3 } },
  });
  expect(press(showing(offers), 'g11x\r', guardMs).state.keys.mode).toBe('uses');
  expect(press(showing(offers), 'g11\ryes\r', guardMs).effect).toBeUndefined();
  expect(press(showing(), 'g', guardMs).state.keys.mode).toBe('list');
});

test('[APPROVALS-WATCH] the cursor stays on its question; what comes in its place is guarded anew', () => {
  const typing = press(showing(), 'aye', guardMs).state;
  const newer = withQuestions(typing, [cardOf(2), cardOf(0), cardOf(1)], guardMs);
  expect([newer.selected, newer.keys.mode]).toEqual([id(0), 'confirm']);
  const over = withQuestions(newer, [cardOf(2), cardOf(1)], guardMs);
  expect([over.selected, over.card, over.keys.mode]).toEqual([id(1), undefined, 'list']);
  expect(press(over, 'd', guardMs * 9).effect).toBeUndefined();
  expect(press(withCard(over, cardOf(1), guardMs * 9), 'd', guardMs * 9).effect).toBeUndefined();
  const changed = withQuestions(typing, [{ ...cardOf(0), digest: 'f'.repeat(64) }], guardMs);
  expect([changed.card, changed.keys.mode]).toEqual([undefined, 'list']);
});

test('[APPROVALS-WATCH] a thousand questions and any text fit into any window', () => {
  fc.assert(
    fc.property(
      fc.record({ columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 1, max: 60 }) }),
      fc.string({ unit: 'grapheme' }),
      fc.integer({ min: 0, max: 999 }),
      (size, text, at) => {
        const card = { ...cardOf(0), tool: text, title: text, arguments: JSON.stringify({ [text]: text }) };
        const questions = Array.from({ length: 1_000 }, (_, index) => ({
          ...card,
          approval: `appr_${index}`,
        }));
        const state = {
          ...emptyWatch,
          questions,
          selected: `appr_${at}`,
          card: { ...card, approval: `appr_${at}` },
        };
        const { lines, selected } = watchFrame(state, size, 1_000);
        expect(lines.length).toBeLessThanOrEqual(size.rows);
        for (const line of lines) expect(cells(line)).toBeLessThanOrEqual(size.columns);
        expect(/[\p{Cc}\p{Cf}]/u.test(lines.join(''))).toBe(false);
        if (size.rows >= 10 && size.columns >= 30) expect(lines[selected ?? -1]?.startsWith('> ')).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('[APPROVALS-WATCH] no letter is drawn wider than it is counted: those of which terminals disagree are written out', () => {
  const spacing = ['\u0903', '\u093e', '\u0bbe', '\u1087', '\u0301', '\u20dd'];
  const others = [
    '\u{17000}',
    '\u{18b00}',
    '\u{1b000}',
    '\u{1b170}',
    '\ua960',
    '\u{16fe0}',
    '\u1112',
    '\ufdfd',
    '\u2e3b',
  ];
  const fromTheRight = ['\u05d0', '\u0627'];
  for (const letter of [...spacing, ...others, ...fromTheRight]) {
    const number = `\\u{${letter.codePointAt(0)?.toString(16)}}`;
    expect(clip(`a${letter}`, 80)).toBe(`a${number}`);
    const text = `  "path": "${letter.repeat(70)} /etc/shadow"`;
    const lines = wrap(text, 80, '    ');
    expect(lines.length).toBeGreaterThan((70 * 5) / 80);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines.map((line) => line.trimStart()).join('')).toContain('/etc/shadow');
  }
});

test('[APPROVALS-WATCH] ordinary text of Europe and East Asia is left as it is', () => {
  for (const text of ['Grüße, Ελλάδα, Москва → …', '日本語カナ', '한국어', '🙂', 'ﾊﾝｶｸ'])
    expect(clip(text, 80)).toBe(text);
  expect([cells('日本'), cells('🙂'), cells('é')]).toEqual([4, 2, 1]);
});

const padded = (): ApprovalCard => ({
  ...cardOf(0, [{ scope: 'tool' }]),
  arguments: JSON.stringify({ first: 'harmless', filler: Array(200).fill(0), path: '/etc/shadow' }),
});

test('[APPROVALS-WATCH] a yes is typed by who has had the last line on the screen', () => {
  const card = padded();
  let state = drawn(withCard(withQuestions(emptyWatch, [card], 0), card, 0));
  for (const key of ['a', 'g']) {
    const early = press(state, key, guardMs);
    expect([early.effect, early.state.keys.mode]).toEqual([undefined, 'list']);
    expect(early.state.message).toContain('read it to its end');
  }
  expect(press(state, 'd', guardMs).effect).toMatchObject({ answer: { answer: 'deny' } });
  const screens: string[] = [];
  for (let turn = 0; turn < 60 && !state.isRead; turn++) {
    screens.push(...watchFrame(state, { columns: 80, rows: 24 }, guardMs).lines);
    state = press(state, ' ', guardMs).state;
  }
  screens.push(...watchFrame(state, { columns: 80, rows: 24 }, guardMs).lines);
  for (const part of ['harmless', '/etc/shadow'])
    expect(screens.some((line) => line.includes(part))).toBe(true);
  expect(press(state, 'ayes\r', guardMs).effect).toMatchObject({ answer: { answer: 'approve' } });
  // Another card in its place is read anew.
  expect(withCard(state, { ...card, attempts: 2 }, 0).isRead).toBe(false);
});

test('[APPROVALS-WATCH] what is not in the card whole is not approved from it', () => {
  const cut = { ...cardOf(0), argumentsLength: 2 * 1024 * 1024 };
  const other = { ...cardOf(0), otherParameters: `{"a":"${'x'.repeat(200_000)}`.slice(0, 128 * 1024) };
  for (const card of [cut, other]) {
    const state = { ...drawn(withCard(withQuestions(emptyWatch, [card], 0), card, 0)), isRead: true };
    const { state: after, effect } = press(state, 'ayes\r', guardMs);
    expect([effect, after.keys.mode]).toEqual([undefined, 'list']);
    expect(after.message).toContain(`mcp-acp approvals approve ${card.approval}`);
  }
});

test('[APPROVALS-WATCH] the reach that is granted is shown whole before its word is typed', () => {
  const path = `/srv/${'long/'.repeat(300)}end`;
  const card = cardOf(0, [{ scope: 'path', path, folder: true }]);
  const state = press(drawn(withCard(withQuestions(emptyWatch, [card], 0), card, 0)), 'g11\r', guardMs).state;
  const size = { columns: 80, rows: 16 };
  const first = watchFrame(state, size, guardMs);
  expect([state.keys.mode, first.showsEnd]).toEqual(['confirm', false]);
  const unread = { ...state, isRead: false };
  let typed: WatchState = unread;
  for (const key of keysIn('write_0\r'))
    typed = pressed(typed, key, { nowMs: guardMs, page: first.page }).state;
  expect([typed.keys.mode, typed.isAnswering]).toEqual(['confirm', false]);
  const shown = [...first.lines];
  let at = unread;
  for (let turn = 0; turn < 20; turn++) {
    at = pressed(at, { key: 'page_down' }, { nowMs: guardMs, page: first.page }).state;
    const frame = watchFrame(at, size, guardMs);
    shown.push(...frame.lines);
    at = { ...at, scroll: frame.scroll, isRead: at.isRead || frame.showsEnd };
  }
  expect(at.isRead).toBe(true);
  expect(shown.join('').replaceAll(' ', '')).toContain('end,atmost5min("write_0")');
  expect(press(at, 'write_0\r', guardMs).effect).toMatchObject({
    answer: { reach: { scope: 'path', path } },
  });
});

test('[APPROVAL-SHOWN] a limit that asked, and what is sent besides the arguments, are on the card', () => {
  const card = {
    ...cardOf(0),
    limited: true,
    otherParameters: '{"task":{"ttl":5},"inputResponses":{"a":{"action":"accept\u202e"}}}',
  };
  const text = cardLines(card, { style: createStyle(false), columns: 80 }).join('\n');
  expect(text).toContain('A rate limit was reached');
  expect(text).toMatch(/Other parameters\n {2}\{\n {4}"task": \{/);
  expect(text).toContain('"action": "accept\\u{202e}"');
  const usual = cardLines(
    { ...cardOf(0), rule: 'writes' },
    { style: createStyle(false), columns: undefined },
  ).join('\n');
  expect(usual).toContain('writes');
  expect(usual).not.toMatch(/rate limit|Other parameters/);
});

test('[APPROVALS-WATCH] what a list cuts is not taken from the card', () => {
  const destinations = ['/a', '/b'].map((text) => ({ kind: 'path' as const, text, mentioned: false }));
  const card = { ...cardOf(0), destinations, destinationCount: 2 };
  const listed = { ...card, destinations: destinations.slice(0, 1), attempts: 2 };
  const state = withQuestions(withCard(withQuestions(emptyWatch, [listed], 0), card, 0), [listed], 1);
  expect(state.card).toMatchObject({ destinations, attempts: 2 });
});
