import type { Condition } from './condition.ts';
import type { Facts } from './facts.ts';
import { compileNameGlob, type Glob } from './glob.ts';
import type { Operation, ResourceType, SideEffect } from './policy.ts';
import { resourceTypeOfFamily } from './verb-facts.ts';

/** Any of several name patterns. */
export function anyName(patterns: readonly string[]): Glob {
  const globs = patterns.map(compileNameGlob);
  const [only] = globs;
  if (globs.length === 1 && only !== undefined) return only;
  return (text) => {
    for (const glob of globs) if (glob(text)) return true;
    return false;
  };
}

type ScalarName = 'tool_name' | 'mcp_method' | 'backend_id' | 'subject_id' | 'client';

const readScalar: Record<ScalarName, (facts: Facts) => string | undefined> = {
  tool_name: (facts) => facts.toolName,
  mcp_method: (facts) => facts.method,
  backend_id: (facts) => facts.backendId,
  subject_id: (facts) => facts.subjectId,
  client: (facts) => facts.client,
};

/** A name the request has or lacks: there is one reading, so sure and possible are the same. */
export function scalarCondition(name: ScalarName, patterns: readonly string[]): Condition {
  const matches = anyName(patterns);
  const read = readScalar[name];
  const holds = (facts: Facts): boolean => {
    const value = read(facts);
    return value !== undefined && matches(value);
  };
  return {
    name,
    fixed: name === 'tool_name' || name === 'mcp_method',
    certain: holds,
    possible: holds,
    certainlyNot: (facts) => {
      const value = read(facts);
      return value !== undefined && !matches(value);
    },
    possiblyNot: (facts) => !holds(facts),
  };
}

/** What is done: all of it must be listed for an allow, any of it for a deny; an unknown verb does everything. */
export function operationsCondition(listed: readonly Operation[]): Condition {
  return wordsCondition('operations', new Set(listed), (facts) => ({
    words: facts.operations,
    uncertain: facts.operationsUncertain,
  }));
}

export function sideEffectsCondition(listed: readonly SideEffect[]): Condition {
  return wordsCondition('side_effects', new Set(listed), (facts) => ({
    words: facts.sideEffects,
    uncertain: facts.sideEffectsUncertain,
  }));
}

function wordsCondition(
  name: string,
  listed: ReadonlySet<string>,
  read: (facts: Facts) => { readonly words: readonly string[]; readonly uncertain: boolean },
): Condition {
  const certain = (facts: Facts): boolean => {
    const { words, uncertain } = read(facts);
    if (uncertain || words.length === 0) return false;
    for (const word of words) if (!listed.has(word)) return false;
    return true;
  };
  const possible = (facts: Facts): boolean => {
    const { words, uncertain } = read(facts);
    if (uncertain) return true;
    for (const word of words) if (listed.has(word)) return true;
    return false;
  };
  return {
    name,
    fixed: false,
    certain,
    possible,
    certainlyNot: (facts) => !possible(facts),
    possiblyNot: (facts) => !certain(facts),
  };
}

/** An unknown method is `other` for an allow; a deny also goes by the method's family (`resources/write`). */
export function resourceTypeCondition(listed: readonly ResourceType[]): Condition {
  const types: ReadonlySet<ResourceType> = new Set(listed);
  const certain = (facts: Facts): boolean => types.has(facts.resourceType);
  const possible = (facts: Facts): boolean =>
    certain(facts) || (facts.resourceType === 'other' && types.has(resourceTypeOfFamily(facts.method)));
  return {
    name: 'resource_type',
    fixed: true,
    certain,
    possible,
    certainlyNot: (facts) => !possible(facts),
    possiblyNot: (facts) => !certain(facts),
  };
}
