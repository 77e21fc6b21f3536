import type { Verdict } from './agent.ts';

const words: readonly (readonly [verdict: Verdict, said: string])[] = [
  ['allowed', 'allowed'],
  ['denied', 'denied'],
  ['approved', 'approved by a person'],
  ['refused', 'refused by a person'],
  ['unanswered', 'left without an answer'],
];

/** What the calls of the demo came to, and which of a person's two answers was not among them. */
export function summaryOf(verdicts: readonly Verdict[]): string {
  const shown = words.filter(([verdict]) => verdicts.includes(verdict)).map(([, said]) => said);
  const last = shown.pop() ?? 'made';
  const missing = words
    .slice(2, 4)
    .filter(([verdict]) => !verdicts.includes(verdict))
    .map(([, said]) => said);
  const lack = missing.length === 0 ? '' : ` None was ${missing.join(' or ')} this time.`;
  const calls = shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
  return `You saw calls ${calls}.${lack} The journal verifies, and a changed copy does not.`;
}
