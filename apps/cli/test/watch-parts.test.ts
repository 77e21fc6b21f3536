import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { ApprovalCard, GrantOffer } from '@mcp-acp/shared/live/approval';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cells, clip, pad, wrap } from '../src/commands/approvals/terminal-cells.ts';
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

const id = (index: number): string => `appr_${'abcdefghijklmnopqrstuvwxyz'.charAt(index).repeat(16)}`;

const cardOf = (index: number, offers: readonly GrantOffer[] = []): ApprovalCard => ({
  approval: id(index),
  proxy: {
    id: 'px_aaaaaaaaaaaaaaaa' as ProxyId,
    name: 'files',
    instance: 'inst_aaaaaaaaaaaaaaaa' as InstanceId,
  },
  digest: String(index % 10).repeat(64),
  client: 'tester',
  subject: 'local:me',
  from: 'client',
  method: 'tools/call',
  tool: `write_${index}`,
  operations: [],
  sideEffects: [],
  destinations: [],
  destinationCount: 0,
  preview: '{}',
  arguments: '{}',
  argumentsLength: 2,
  askedAt: '2026-01-01T00:00:00.000Z',
  state: 'held',
  holdLeftMs: 45_000,
  openLeftMs: 600_000,
  attempts: 1,
  offers: [...offers],
});

const press = (state: WatchState, text: string, nowMs: number) => {
  let at = state;
  let effect: ReturnType<typeof pressed>['effect'];
  for (const key of keysIn(text)) {
    const next = pressed(at, key, { nowMs, page: 10 });
    at = next.state;
    effect = next.effect ?? effect;
  }
  return { state: at, effect };
};

const showing = (offers: readonly GrantOffer[] = []): WatchState =>
  withCard(withQuestions(emptyWatch, [cardOf(0, offers), cardOf(1)], 0), cardOf(0, offers), 0);

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
      expect(lines.map((line, index) => (index === 0 ? line : line.slice(2))).join('')).toBe(text);
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
