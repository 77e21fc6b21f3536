import { stripVTControlCharacters } from 'node:util';
import type { ApprovalCard } from '@mcp-acp/shared/live/approval';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cardLines, questionLines } from '../src/commands/approvals/card-lines.ts';
import { cells } from '../src/commands/approvals/terminal-cells.ts';
import { createStyle } from '../src/output/style.ts';
import { cardOf } from './card-of.ts';

const plain = createStyle(false);
const rowsOf = (card: ApprovalCard, columns: number | undefined = 80): readonly string[] =>
  cardLines(card, { style: plain, columns });

/** A card in which every place that others fill says the same. */
const allSaying = (text: string): ApprovalCard => ({
  ...cardOf(0, [{ scope: 'path', path: text }]),
  client: text,
  clientVersion: text,
  subject: text,
  tool: text,
  title: text,
  rule: 'writes',
  ruleDescription: text,
  destinations: [{ kind: 'path', text, resolved: `${text}/`, mentioned: true }],
  destinationCount: 1,
  arguments: JSON.stringify({ [text]: [text, { [text]: text }] }),
  argumentsLength: JSON.stringify({ [text]: [text, { [text]: text }] }).length,
  otherParameters: JSON.stringify({ [text]: text }),
  lastApproved: { time: '2026-01-01T00:00:00.000Z', arguments: `{"${'a'.repeat(4)}":1}`, cut: false },
});

/** What each row begins with that does not begin with a blank. */
const atTheMargin = (rows: readonly string[]): readonly string[] =>
  rows.filter((row) => /^\S/.test(row)).map((row) => /^[A-Z][a-z]+(?: [a-z]+)*/.exec(row)?.[0] ?? row);

const ours = [
  'Tool',
  'Title',
  'Method',
  'Client',
  'Proxy',
  'Subject',
  'Rule',
  'Path',
  'Arguments',
  'Other parameters',
  'Against the last approved call',
  'A yes is good for',
];

/** Our own words, blanks of any number, letters of any width: what a forger would write. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...ours, 'Rule        reads: it only reads', 'Subject  local:you', '\u05d0', 'e\u0301'),
      fc.integer({ min: 1, max: 3_000 }).map((count) => ' '.repeat(count)),
      fc.string({ unit: 'grapheme', maxLength: 90 }),
      fc.constantFrom('\n', '\t', '\r\n', '\u001b[2K', '\u3000'.repeat(9)),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''));

test('[APPROVALS-TERMINAL] no row begins with one of our labels unless we wrote it, whatever others say', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 40, max: 160 }), (text, columns) => {
      const rows = rowsOf(allSaying(`x${text}`), columns);
      expect([...atTheMargin(rows)].sort()).toEqual([...ours].sort());
      for (const row of rows) expect(cells(row)).toBeLessThanOrEqual(columns);
    }),
  );
});

test('[APPROVALS-TERMINAL] no run of four blanks or more in the words of others is left on a card', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const said = `x${text}x`;
      for (const row of rowsOf(allSaying(said), undefined)) {
        const [, label = '', words = ''] = /^( *(?:[A-Z][a-z]+ {2,})?)(.*)$/.exec(row) ?? [];
        expect(label.length).toBeLessThan(30);
        expect(words).not.toMatch(/ {4}/);
      }
    }),
  );
});

test('[APPROVALS-TERMINAL] a client padded to the width of a terminal prints no rule of its own', () => {
  const client = `agent${' '.repeat(63)}Rule        reads: it only reads`;
  const rows = rowsOf({ ...cardOf(0), client, rule: 'writes' });
  expect(rows.filter((row) => row.startsWith('Rule'))).toEqual(['Rule     writes']);
  expect(rows).toContain('Client   agent (63 blanks) Rule (8 blanks) reads: it only reads');
});

test('[APPROVALS-TERMINAL] what stands behind many blanks, or deep in lists, is on the same screen', () => {
  const text = JSON.stringify({ command: `ls${' '.repeat(3_000)}; rm -rf /` });
  const rows = rowsOf({ ...cardOf(0), arguments: text, argumentsLength: text.length });
  expect(rows).toContain('    "command": "ls (3000 blanks) ; rm -rf /"');
  expect(rows.length).toBeLessThan(24);
  const deep = `${'['.repeat(60)}"rm -rf /"${']'.repeat(60)}`;
  const nested = rowsOf({ ...cardOf(0), arguments: deep, argumentsLength: deep.length });
  expect(nested).toContain(`${' '.repeat(26)}"rm -rf /"`);
});

test('[APPROVALS-TERMINAL] letters that change places, or sit on others, are written by their number in any card', () => {
  for (const columns of [80, undefined]) {
    const text = rowsOf({ ...cardOf(0), client: 'a\u05d0e\u0301' }, columns).join('\n');
    expect(text).toContain('a\\u{5d0}e\\u{301}');
  }
});

test('[APPROVALS-TERMINAL] a card has as many rows as a terminal shows, coloured or not', () => {
  const card = allSaying('日本'.repeat(60));
  const bare = questionLines(card, { style: plain, columns: 80 });
  for (const row of bare) expect(cells(row)).toBeLessThanOrEqual(80);
  const coloured = questionLines(card, { style: createStyle(true), columns: 80 });
  expect(coloured.map((row) => stripVTControlCharacters(row))).toEqual(bare);
  expect(coloured.join('\n')).toContain(createStyle(true).dim('Tool   '));
});

test('[APPROVALS-TERMINAL] who denies is not told what a yes would be good for', () => {
  const look = { style: plain, columns: 80 };
  expect(questionLines(cardOf(0), look).join('\n')).toContain('A yes is good for\n  this call');
  expect(questionLines(cardOf(0), { ...look, withOffers: false }).join('\n')).not.toContain('A yes');
});
