import type { JsonObject, JsonValue } from '@mcp-acp/shared/json';
import { selectValues } from './argument-path.ts';
import type { Condition } from './condition.ts';
import type { Facts } from './facts.ts';
import type { ValueCheck, ValueTest } from './policy.ts';
import { anyName } from './scalar-conditions.ts';

/** How a check judges one scalar: sure, possible (a number for its text, a number no reader agrees on), or neither. */
interface ScalarJudge {
  certain(value: JsonValue): boolean;
  possible(value: JsonValue): boolean;
}

/**
 * A check of an argument. An allow needs it of every value selected, elements of a list included, and of at least
 * one; a deny or ask is satisfied by any. An object where a scalar is checked is uncertain.
 */
export function argumentCondition(test: ValueTest): Condition {
  const name = `arguments.${test.label}`;
  if (test.check.kind === 'absent') {
    return absenceCondition(name, test, (facts) => facts.arguments);
  }
  const judge = judgeOf(test.check);
  const select = (facts: Facts) => selectScalars(facts.arguments, test);
  const certain = (facts: Facts): boolean => {
    const { values, uncertain } = select(facts);
    return !uncertain && values.length > 0 && values.every(judge.certain);
  };
  const possible = (facts: Facts): boolean => {
    const { values, uncertain } = select(facts);
    return uncertain || values.some(judge.possible);
  };
  return {
    name,
    fixed: false,
    certain,
    possible,
    certainlyNot: (facts) => {
      const { values, uncertain } = select(facts);
      return !uncertain && values.length > 0 && !values.some(judge.possible);
    },
    possiblyNot: (facts) => !certain(facts),
  };
}

/** A check of a claim. A list is a set of memberships, so one element that fits is enough, for every effect. */
export function claimCondition(test: ValueTest): Condition {
  const name = `claims.${test.label}`;
  if (test.check.kind === 'absent') return absenceCondition(name, test, (facts) => facts.claims);
  const judge = judgeOf(test.check);
  const select = (facts: Facts) => selectScalars(facts.claims, test);
  const certain = (facts: Facts): boolean => select(facts).values.some(judge.certain);
  const possible = (facts: Facts): boolean => {
    const { values, uncertain } = select(facts);
    return uncertain || values.some(judge.possible);
  };
  return {
    name,
    fixed: false,
    certain,
    possible,
    certainlyNot: (facts) => {
      const { values, uncertain } = select(facts);
      return !uncertain && values.length > 0 && !values.some(judge.possible);
    },
    possiblyNot: (facts) => !certain(facts),
  };
}

/** Absence is itself the fact, so it is never missing. A null is there. */
function absenceCondition(
  name: string,
  test: ValueTest,
  root: (facts: Facts) => JsonObject | undefined,
): Condition {
  const wanted = test.check.kind === 'absent' && test.check.absent;
  const holds = (facts: Facts): boolean =>
    (selectValues(root(facts), test.path).values.length === 0) === wanted;
  const fails = (facts: Facts): boolean => !holds(facts);
  return { name, fixed: false, certain: holds, possible: holds, certainlyNot: fails, possiblyNot: fails };
}

const maxScalars = 4096;

function selectScalars(
  root: JsonObject | undefined,
  test: ValueTest,
): { readonly values: readonly JsonValue[]; readonly uncertain: boolean } {
  const selected = selectValues(root, test.path);
  let uncertain = selected.overflow;
  const values: JsonValue[] = [];
  const open: JsonValue[] = [...selected.values];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value === null || typeof value !== 'object') {
      values.push(value);
    } else if (Array.isArray(value)) {
      if (open.length + values.length + value.length > maxScalars) uncertain = true;
      else for (const element of value as readonly JsonValue[]) open.push(element);
    } else {
      uncertain = true;
    }
  }
  return { values, uncertain };
}

/** Beyond 2^53 - 1 two JSON readers may see two different numbers. */
const isSafeNumber = (value: number): boolean =>
  Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;

const isUnsafeNumber = (value: JsonValue): boolean => typeof value === 'number' && !isSafeNumber(value);

function judgeOf(check: Exclude<ValueCheck, { kind: 'absent' }>): ScalarJudge {
  const judge = readJudge(check);
  return {
    certain: (value) => !isUnsafeNumber(value) && judge.certain(value),
    possible: (value) => isUnsafeNumber(value) || judge.possible(value),
  };
}

function readJudge(check: Exclude<ValueCheck, { kind: 'absent' }>): ScalarJudge {
  switch (check.kind) {
    case 'glob': {
      const matches = anyName(check.anyOf);
      return {
        certain: (value) => typeof value === 'string' && matches(value),
        possible: (value) => value !== null && matches(String(value)),
      };
    }
    case 'equals': {
      const wanted: ReadonlySet<JsonValue> = new Set(check.anyOf);
      const texts = new Set(check.anyOf.filter((value) => value !== null).map(String));
      return {
        certain: (value) => wanted.has(value),
        possible: (value) => wanted.has(value) || (value !== null && texts.has(String(value))),
      };
    }
    case 'range': {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = check;
      const within = (value: number): boolean => value >= min && value <= max;
      return {
        certain: (value) => typeof value === 'number' && within(value),
        possible: (value) => {
          if (typeof value === 'number') return within(value);
          if (typeof value !== 'string' || value.trim() === '') return false;
          // A tool may take "5" for 5.
          const number = Number(value);
          return !Number.isNaN(number) && (!isSafeNumber(number) || within(number));
        },
      };
    }
  }
}
