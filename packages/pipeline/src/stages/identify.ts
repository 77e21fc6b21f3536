import type { EnforcementContext } from '../context.ts';
import type { Identified, Received } from './stage-results.ts';

export const identify = (context: EnforcementContext, received: Received): Identified => ({
  received,
  subject: context.subjects.current(),
  session: context.session.state(),
});
