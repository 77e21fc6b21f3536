import { policyLimits, sessionTtl } from '@mcp-acp/policy/policy';
import { conditionField } from './condition-fields.ts';
import { type ConditionState, type RuleForm, ruleOfForm } from './rule-form-state.ts';
import { linesIn, problemOfRow } from './value-tests.ts';

const idForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const durationForm = /^[1-9][0-9]{0,8}(?:ms|s|m|h|d)$/;

/** What keeps a form from becoming a rule, by field. The form of patterns is judged where policies are checked. */
export function problemsOfForm(
  form: RuleForm,
  others: readonly string[],
): Readonly<Partial<Record<'id' | 'conditions' | 'ttl' | 'uses', string>>> {
  const id = idProblem(form.id.trim(), others);
  const conditions = conditionsProblem(form);
  const asks = form.effect === 'ask' && form.grant.on;
  const ttl = asks ? ttlProblem(form.grant.ttl.trim()) : undefined;
  const uses = asks ? usesProblem(form.grant.uses.trim()) : undefined;
  return {
    ...(id === undefined ? {} : { id }),
    ...(conditions === undefined ? {} : { conditions }),
    ...(ttl === undefined ? {} : { ttl }),
    ...(uses === undefined ? {} : { uses }),
  };
}

/** Why a rule cannot have this id, in a sentence. */
export function idProblem(id: string, others: readonly string[]): string | undefined {
  if (id === '') return 'Give the rule an id, such as read-project.';
  if (!idForm.test(id)) {
    return `1 to ${policyLimits.ruleIdLength} letters, digits, "-", "_" and ".", starting with a letter or digit.`;
  }
  return others.includes(id) ? 'Another rule has this id already.' : undefined;
}

const ttlProblem = (ttl: string): string | undefined =>
  ttl === sessionTtl || durationForm.test(ttl)
    ? undefined
    : 'Write a duration such as 10m or 1h, or session.';

function usesProblem(uses: string): string | undefined {
  if (uses === '') return undefined;
  const most = policyLimits.maxGrantUses;
  return /^[0-9]+$/.test(uses) && Number(uses) >= 1 && Number(uses) <= most
    ? undefined
    : `A whole number from 1 to ${most}, or nothing for no limit.`;
}

function conditionsProblem(form: RuleForm): string | undefined {
  const all = [...form.conditions, ...form.not.flat()];
  const empty = all.find(isEmpty);
  if (empty !== undefined) {
    return `${conditionField(empty.name).label} has no value: give one, or remove the condition.`;
  }
  for (const condition of all) {
    const rows = condition.kind === 'tests' ? condition.rows : [];
    const problem = rows.map(problemOfRow).find((text) => text !== undefined);
    if (problem !== undefined) return `${conditionField(condition.name).label}: ${problem}`;
  }
  const { when } = ruleOfForm(form);
  const named = Object.keys(when as object).filter((name) => name !== 'mentions');
  return named.length === 0 ? 'Add a condition. To match everything, add "MCP method" with "*".' : undefined;
}

function isEmpty(condition: ConditionState): boolean {
  if (condition.kind === 'tests') return condition.rows.length === 0;
  return condition.kind === 'list' ? linesIn(condition.lines).length === 0 : condition.words.length === 0;
}
