import type { Facts } from '@mcp-acp/policy/facts';
import type { EnforcementContext } from '../context.ts';
import { classify } from '../stages/classify.ts';
import type { Decided } from '../stages/stage-results.ts';

/**
 * The same without what its line holds too: parsed, arguments can take fifty times the memory of their bytes, and a question
 * stays open for a while.
 */
export function lean(decided: Decided): Decided {
  const { classified } = decided;
  const { access } = classified;
  if (access === undefined) return decided;
  const { arguments: _given, ...request } = access.request;
  return {
    ...decided,
    classified: { ...classified, access: { ...access, request, facts: leanFacts(access.facts) } },
  };
}

const nothing = { mentions: [], complete: false };

const leanFacts = (facts: Facts): Facts => ({
  ...facts,
  arguments: undefined,
  operands: [],
  mentions: [],
  textMentions: () => nothing,
  complete: false,
});

/** With all of it again, read from the line, for the record of what became of it. */
export function whole(context: EnforcementContext, decided: Decided): Decided {
  try {
    return { ...decided, classified: classify(context, decided.classified.identified) };
  } catch {
    return decided;
  }
}
