import { expect, it } from 'vitest';
import { outcomeOf } from '../../src/features/proxy/activity/outcomes.ts';

it('nobody is said not to have answered while the question is open', () => {
  const unanswered = (reason?: string) => outcomeOf({ disposition: 'unanswered', reason });
  expect(unanswered('approval_pending')).toEqual({ title: 'Told to try again', tone: 'warn' });
  expect(unanswered('nobody_could_be_asked').title).toBe('Nobody could be asked');
  expect(unanswered('approval_expired').title).toBe('Nobody answered');
  expect(unanswered('constructor').title).toBe('Unanswered');
  expect(unanswered().title).toBe('Unanswered');
});

it('what a person denied is told apart from what the policy did', () => {
  expect(outcomeOf({ disposition: 'denied', reason: 'person_denied' }).title).toBe('Denied by a person');
  expect(outcomeOf({ disposition: 'denied', reason: 'policy_denied' }).title).toBe('Refused');
  expect(outcomeOf({ disposition: 'forwarded', status: 'ok' })).toEqual({ title: 'Succeeded', tone: 'good' });
});
