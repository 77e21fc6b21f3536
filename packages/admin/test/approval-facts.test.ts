import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  approvalFacts,
  argumentLines,
  askedFor,
  destinationText,
  offerText,
  quotedCall,
} from '../src/approval-facts.ts';

const questionOf = (text: string): PendingApproval => ({
  approval: 'appr_aaaaaaaaaaaaaaaa',
  proxy: {
    id: 'px_aaaaaaaaaaaaaaaa' as ProxyId,
    name: 'files',
    instance: 'inst_aaaaaaaaaaaaaaaa' as InstanceId,
  },
  digest: '0'.repeat(64),
  client: text,
  clientVersion: text,
  subject: text,
  from: 'client',
  method: text,
  tool: text,
  title: text,
  prompt: text,
  resource: text,
  limited: false,
  rule: 'reads',
  ruleDescription: text,
  operations: [],
  sideEffects: [],
  destinations: [{ kind: 'path', text, resolved: `${text}/`, role: 'source', mentioned: true }],
  destinationCount: 1,
  preview: '{}',
  argumentsLength: 2,
  askedAt: '2026-01-01T00:00:00.000Z',
  state: 'held',
  holdLeftMs: 1,
  openLeftMs: 1,
  attempts: 1,
  offers: [],
});

const blank = fc
  .array(
    fc.oneof(
      fc.integer({ min: 1, max: 500 }).map((count) => ' '.repeat(count)),
      fc.string({ maxLength: 9 }),
    ),
    { maxLength: 9 },
  )
  .map((parts) => parts.join(''));

test('[APPROVAL-SHOWN] a run of four blanks or more is never in what a person decides on, wherever others put it', () => {
  fc.assert(
    fc.property(blank, (text) => {
      const question = questionOf(text);
      const json = JSON.stringify({ [text]: [text] });
      const shown = [
        ...approvalFacts(question).map((fact) => fact.text),
        ...question.destinations.map(destinationText),
        ...argumentLines(json).map((line) => line.replace(/^ +/, '')),
        askedFor(question),
        quotedCall(question),
        offerText({ scope: 'path', path: text }),
      ];
      expect(shown.filter((line) => / {4}/.test(line))).toEqual([]);
    }),
    { examples: [['   '], [' a   '], ['   a ']], numRuns: 1_000 },
  );
});

test('[APPROVAL-SHOWN] long blanks are their number; what is deep in lists is indented no further than what is near it', () => {
  expect(argumentLines(JSON.stringify({ c: `ls${' '.repeat(3_000)}; rm` }))).toEqual([
    '{',
    '  "c": "ls (3000 blanks) ; rm"',
    '}',
  ]);
  const depth = 60;
  const lines = argumentLines(`${'['.repeat(depth)}1${']'.repeat(depth)}`);
  expect(lines).toHaveLength(2 * depth + 1);
  expect(Math.max(...lines.map((line) => line.length))).toBe(25);
});
